import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, list, text, whole } from '../../platform/decode.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import { byRank, proofOf } from '../../subgraphs/campaigns/domain/rank.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import { openHouse, type House } from '../support/house.js'
import { watch, type Viewer } from '../support/live-viewer.js'
import { until } from '../support/until.js'
import { carryOut, isZero } from './contest-orders.js'
import { influencerId, plansOf, recount, type OpenContest, type Plan } from './contest-plans.js'
import { frozen, manager, openContest } from './contest.js'

const INFLUENCERS = 1_000
const ORDERS = 5_000
const BUYERS = 200

describe('a contest of a thousand influencers and five thousand orders', () => {
  let house: House
  let contest: OpenContest
  let plans: readonly Plan[]
  let viewer: Viewer
  beforeAll(async () => {
    house = await openHouse()
    contest = await openContest(house, { influencers: INFLUENCERS, buyers: BUYERS })
    const query = `subscription ($id: ID!) { boardChanged(campaignId: $id) { total top(first: 3) { rank score influencer { id nickname } } } }`
    viewer = watch({ socketUrl: house.socketUrl, token: null, query, variables: { id: contest.campaign } })
    plans = plansOf(contest, { orders: ORDERS, buyers: BUYERS })
    await carryOut(house, plans)
  }, 900_000)
  afterAll(async () => {
    await viewer.leave()
    await house.stop()
  })

  /** The board's sum of points follows the orders; all is told when it is what was counted by hand. */
  async function caughtUp(): Promise<void> {
    const wanted = [...recount(plans).values()].reduce((sum, score) => sum + score, 0)
    await isZero(house, `select abs(sum(score) - ${wanted})::int as open from campaigns.entry`)
  }

  it('has a board that equals a recount by hand', async () => {
    await caughtUp()
    const client = new ApolloClient({ link: new HttpLink({ uri: house.url }), cache: new InMemoryCache() })
    const { data } = await client.query({
      query: gql`
        query ($id: ID!) {
          campaign(id: $id) {
            board {
              total
              top(first: 100) {
                rank
                score
                provisional
                influencer {
                  id
                  nickname
                }
              }
            }
          }
        }
      `,
      variables: { id: contest.campaign },
    })
    client.stop()
    const board = fields(fields(fields(data, 'data')['campaign'], 'campaign')['board'], 'board')
    const top = list(board['top'], 'top', fields)
    const scores = recount(plans)
    const byHand = contest.links.map((_, at) => scores.get(influencerId(at)) ?? 0).sort((a, b) => b - a)
    expect(board['total']).toBe(INFLUENCERS)
    expect(top.map(({ score }) => score)).toEqual(byHand.slice(0, 100))
    expect(top.every(({ provisional }) => provisional === true)).toBe(true)
  })

  it('tells its watchers the newest board, and not each of five thousand orders', async () => {
    const best = Math.max(...recount(plans).values())
    const newest = () => list(viewer.events.at(-1)?.['top'], 'top', fields)[0]?.['score']
    await until(() => newest() === best, 'the newest board')
    expect(viewer.events.length).toBeLessThan(ORDERS / 5)
  })

  it('freezes an order that anybody can recount and prove, and grants the prize once although closing ran thrice', async () => {
    const boss = await house.as(manager)
    const close = () =>
      act(
        boss,
        `mutation ($i: CloseCampaignInput!) { closeCampaign(input: $i) {
           campaign { state proof prizes { winner { id } } } errors { code message } } }`,
        { i: { campaignId: contest.campaign } },
      )
    const closed = [...(await Promise.all([close(), close()])), await close()].map((it) => fields(it['campaign'], 'it'))
    const standings = await frozen(await house.as(null), contest.campaign)
    const byHand = recount(plans)
    expect(standings.map(({ influencer, score }) => [influencer, score])).toEqual(
      standings.map(({ influencer }) => [influencer, byHand.get(influencer) ?? 0]),
    )
    expect(standings).toHaveLength(INFLUENCERS)
    expect([...standings].sort(byRank)).toEqual(standings)
    expect(closed.map(({ proof }) => proof)).toEqual(closed.map(() => proofOf(standings)))
    const winner = standings[0]?.influencer ?? ''
    expect(closed[2]?.['prizes']).toEqual([{ winner: { id: winner } }])
    await wins(winner)
  })

  /** The winner's account holds a hundred years and one entry of a million. */
  async function wins(winner: string): Promise<void> {
    const ask = await house.as({ sub: winner, roles: ['member', 'influencer'] })
    const query = `{ me { plus { until active } eCard { balance { amountMinor } entries(first: 10) {
      edges { node { amount { amountMinor } } } } } } }`
    let me = await read(ask, query)
    while (me['plus'] === null) {
      await pause(systemClock, 50)
      me = await read(ask, query)
    }
    const plusUntil = new Date(text(fields(me['plus'], 'plus')['until'], 'plus.until'))
    const card = fields(me['eCard'], 'eCard')
    expect(plusUntil.getUTCFullYear() - systemClock.now().getUTCFullYear()).toBe(100)
    expect(whole(fields(card['balance'], 'balance')['amountMinor'], 'amountMinor')).toBe(100_000_000)
    expect(nodesOf(card['entries'], 'entries')).toHaveLength(1)
  }
})
