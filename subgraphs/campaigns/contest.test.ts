import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../test/support/databases.js'
import { CAMPAIGNS } from '../../test/support/standing.js'
import { until } from '../../test/support/until.js'
import {
  aContest,
  fromNow,
  influencer,
  manager,
  moved,
  read,
  someone,
  type Contest,
} from '../../test/support/contest.js'
import { ANONYMOUS } from '../../schema/identity.js'
import type { Database } from '../../platform/db/database.js'
import { proofOf } from './domain/rank.js'

const BOARD = `query ($id: ID!) { campaign(id: $id) {
  state proof board { total top(first: 10) { rank influencer { id } score orders provisional } } myRank { rank score } } }`

eachMigrated(CAMPAIGNS, (open) => {
  describe('a contest', () => {
    let contest: Contest
    let db: Database
    beforeEach(async () => {
      db = await open()
      contest = await aContest(db)
    })
    afterEach(async () => {
      await contest.stop()
      await db.close()
    })

    const board = async (id: string, who = ANONYMOUS) => read(await contest.ask(BOARD, { id }, who), 'campaign')
    const scores = async (id: string): Promise<Record<string, unknown>> => {
      const top = read(await board(id), 'board', 'top') as { influencer: { id: string }; score: number }[]
      return Object.fromEntries(top.map((rank) => [rank.influencer.id.slice('Member:'.length), rank.score]))
    }
    const scored = (id: string, wanted: Record<string, number>) =>
      until(async () => JSON.stringify(await scores(id)) === JSON.stringify(wanted), JSON.stringify(wanted))
    const close = async (campaignId: string) =>
      read(
        await contest.ask(
          `mutation ($input: CloseCampaignInput!) { it: closeCampaign(input: $input) {
             campaign { state proof prizes { rank winner { id } } } errors { code } } }`,
          { input: { campaignId } },
          manager,
        ),
        'it',
      )

    it('counts a paid purchase for the link that brought it, and takes it back when it is refunded', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      await contest.tell(moved('a', 'RESERVED', { click }), moved('a', 'PAID', { click }))
      await scored(id, { ann: 1 })
      await contest.tell(moved('a', 'REFUNDED', { click }))
      await scored(id, { ann: 0 })
    })

    it('ends with the same scores in whatever order and however often the events come', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      const kept = ['SHIPPED', 'RESERVED', 'PAID', 'SHIPPED', 'PAID'] as const
      const lost = ['CANCELLED', 'PAID', 'RESERVED', 'PAID'] as const
      await contest.tell(...lost.map((state) => moved('b', state, { click })))
      await contest.tell(...kept.map((state) => moved('a', state, { click })))
      await scored(id, { ann: 1 })
    })

    it("gives the purchase to the visitor's last click on a link to that product", async () => {
      const id = await contest.opened()
      const [ann, bob] = [await contest.linked(id, 'ann'), await contest.linked(id, 'bob')]
      const other = await contest.linked(id, 'eve', 'Product:p2')
      const first = await contest.clicked(ann)
      await contest.clicked(bob, first.cookie)
      await contest.clicked(other, first.cookie)
      await contest.tell(moved('a', 'PAID', { click: first.click, at: new Date(first.click.at.getTime() + 5000) }))
      await scored(id, { bob: 1, ann: 0, eve: 0 })
    })

    it('never counts an own purchase, but shows it to the team', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      const { click: fair } = await contest.clicked(await contest.linked(id, 'ann'))
      await contest.tell(moved('own', 'PAID', { click, member: 'Member:ann' }), moved('a', 'PAID', { click: fair }))
      await scored(id, { ann: 1 })
      const line = await contest.ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on OrderLine { attribution { rule counts } } } }`,
        { of: [{ __typename: 'OrderLine', id: 'OrderLine:own-1' }] },
        manager,
      )
      expect(read(line, '_entities', 0, 'attribution')).toEqual({ rule: 'SELF_PURCHASE', counts: false })
    })

    it('does not count a purchase after the window, nor one outside the campaign', async () => {
      const id = await contest.opened({ windowHours: 1, closesAt: fromNow(7_200_000).toISOString() })
      const url = await contest.linked(id, 'ann')
      const [late, over, good] = [await contest.clicked(url), await contest.clicked(url), await contest.clicked(url)]
      const after = (hours: number) => fromNow(hours * 3_600_000)
      await contest.tell(
        moved('late', 'PAID', { click: late.click, at: after(1.1) }),
        moved('over', 'PAID', { click: over.click, at: after(2.1) }),
        moved('good', 'PAID', { click: good.click, at: after(0.9) }),
      )
      await scored(id, { ann: 1 })
    })

    it('keeps evidence that the team may read, and the buyer may not', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      await contest.tell(moved('a', 'PAID', { click }))
      await scored(id, { ann: 1 })
      const attribution = async (who = manager) =>
        read(
          await contest.ask(
            `query ($of: [_Any!]!) { _entities(representations: $of) { ... on OrderLine { attribution {
               influencer { id } link { id } rule evidence { clickAt addressHash agentHash } } } } }`,
            { of: [{ __typename: 'OrderLine', id: 'OrderLine:a-1' }] },
            who,
          ),
          '_entities',
          0,
          'attribution',
        )
      const shown = await attribution()
      expect(shown).toMatchObject({ influencer: { id: 'Member:ann' }, link: { id: click.link }, rule: 'LAST_CLICK' })
      expect(read(shown, 'evidence')).toEqual({
        clickAt: click.at.toISOString(),
        addressHash: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
        agentHash: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      })
      expect(read(await attribution(someone('Member:buyer')), 'evidence')).toBeNull()
      expect(await attribution(someone('Member:stranger'))).toBeNull()
    })

    it('ranks by score, then by who had it first', async () => {
      const id = await contest.opened()
      const urls = [await contest.linked(id, 'ann'), await contest.linked(id, 'bob'), await contest.linked(id, 'cat')]
      const [ann, bob, cat] = await Promise.all(urls.map((url) => contest.clicked(url)))
      if (!ann || !bob || !cat) throw new Error('three clicks')
      const at = (minute: number) => fromNow(minute * 60_000)
      await contest.tell(
        moved('b1', 'PAID', { click: bob.click, at: at(1) }),
        moved('c1', 'PAID', { click: cat.click, at: at(2) }),
        moved('a1', 'PAID', { click: ann.click, at: at(3) }),
        moved('a2', 'PAID', { click: ann.click, at: at(4) }),
      )
      await scored(id, { ann: 2, bob: 1, cat: 1 })
      expect(read(await board(id, influencer('cat')), 'myRank')).toEqual({ rank: 3, score: 1 })
      const mine = '{ campaign(id: $id) { rankForMe scoreForMe } }'
      const seenBy = async (who = ANONYMOUS) =>
        read(await contest.ask(`query ($id: ID!) ${mine}`, { id }, who), 'campaign')
      expect([await seenBy(influencer('cat')), await seenBy()]).toEqual([
        { rankForMe: 3, scoreForMe: 1 },
        { rankForMe: null, scoreForMe: null },
      ])
    })

    it('S28 tells a crowd its places by one statement, also once they are frozen', async () => {
      const id = await contest.opened()
      for (const name of ['ann', 'bob']) await contest.linked(id, name)
      const { click } = await contest.clicked(await contest.linked(id, 'cat'))
      await contest.tell(moved('c', 'PAID', { click }))
      await scored(id, { cat: 1, ann: 0, bob: 0 })
      const members = ['bob', 'cat', 'stranger', 'ann'].map((name) => `Member:${name}`)
      const query = `query ($members: [ID!]!, $ids: [ID!]!) {
        ranks: campaignRanksFor(members: $members, ids: $ids) scores: campaignScoresFor(members: $members, ids: $ids) }`
      const crowd = () => contest.ask(query, { members, ids: ['Campaign:none', id] }, ANONYMOUS)
      const told = {
        ranks: [3, 1, null, 2].map((rank) => [null, rank]),
        scores: [0, 1, null, 0].map((score) => [null, score]),
      }
      expect(await crowd()).toEqual(told)
      await close(id)
      await contest.tell(moved('c', 'REFUNDED', { click }))
      expect(await crowd()).toEqual(told)
    })

    it('freezes a proof that anyone can make again, and grants the prize once although closing ran thrice', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      await contest.linked(id, 'bob')
      await contest.tell(moved('a', 'PAID', { click }))
      await scored(id, { ann: 1, bob: 0 })
      const [first] = await Promise.all([close(id), close(id)])
      expect(await close(id)).toEqual(first)
      expect(first).toMatchObject({
        campaign: { state: 'CLOSED', prizes: [{ rank: 1, winner: { id: 'Member:ann' } }] },
      })
      const frozen = await contest.ask(
        `query ($id: ID!) { campaign(id: $id) { standings(first: 100) { edges { node {
           rank influencer { id } score orders reachedAt } } } } }`,
        { id },
        ANONYMOUS,
      )
      const edges = read(frozen, 'campaign', 'standings', 'edges') as { node: Place }[]
      expect(proofOf(edges.map(({ node }) => placed(node)))).toBe(read(first, 'campaign', 'proof'))
      const { rows } = await db.query<{ body: string }>(
        `select body from campaigns.outbox where body like '%prizeGranted%'`,
      )
      expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
        { grant: `${id}:prize:1`, member: 'Member:ann', plusYears: 100, eCardMinor: 100_000_000, currency: 'CNY' },
      ])
    })

    it('keeps the frozen order when a purchase is refunded afterwards', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      const { click: other } = await contest.clicked(await contest.linked(id, 'bob'))
      await contest.tell(moved('a', 'PAID', { click }))
      await scored(id, { ann: 1, bob: 0 })
      await close(id)
      await contest.tell(moved('a', 'REFUNDED', { click }), moved('b', 'PAID', { click: other }))
      await until(async () => {
        const { rows } = await db.query<{ counted: boolean }>(
          `select counted from campaigns.purchase where state = 'REFUNDED'`,
        )
        return rows[0]?.counted === false
      })
      expect(await scores(id)).toEqual({ ann: 1, bob: 0 })
      expect(read(await board(id), 'board', 'top', 0, 'provisional')).toBe(false)
    })

    it('takes in two hundred at once, and again changes nothing', async () => {
      const id = await contest.opened()
      const influencers = Array.from({ length: 200 }, (_, at) => `Member:u${at}`)
      const enrol = async () =>
        read(
          await contest.ask(
            `mutation ($input: EnrolInfluencersInput!) { it: enrolInfluencers(input: $input) { enrolled } }`,
            { input: { campaignId: id, influencers } },
            manager,
          ),
          'it',
          'enrolled',
        )
      expect([await enrol(), await enrol()]).toEqual([200, 0])
      expect(read(await board(id), 'board', 'total')).toBe(200)
    })

    it('gives the same link each time it is asked for, and another to each influencer', async () => {
      const id = await contest.opened()
      const url = await contest.linked(id, 'ann')
      expect(await contest.linked(id, 'ann')).toBe(url)
      expect(await contest.linked(id, 'bob')).not.toBe(url)
      expect(url).toMatch(/^https:\/\/shop\.example\/l\/[0-9a-f]{20}-[0-9a-f]{16}$/)
    })

    it('tells a watcher of its board that it moved', async () => {
      const id = await contest.opened()
      const { click } = await contest.clicked(await contest.linked(id, 'ann'))
      const query = `subscription ($id: ID!) { boardChanged(campaignId: $id) { top(first: 1) { score } } }`
      const stream = await contest.hosted.subscribe({ query, variables: { id } }, ANONYMOUS)
      const next = stream.next()
      await contest.tell(moved('a', 'PAID', { click }))
      expect(await next).toMatchObject({ value: { data: { boardChanged: { top: [{ score: 1 }] } } } })
      await stream.return?.()
    })
  })
})

interface Place {
  readonly rank: number
  readonly influencer: { readonly id: string }
  readonly score: number
  readonly orders: number
  readonly reachedAt: string
}

function placed({ influencer, reachedAt, ...place }: Place) {
  return { ...place, influencer: influencer.id, reachedAt: new Date(reachedAt) }
}
