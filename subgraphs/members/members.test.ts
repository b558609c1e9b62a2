import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/time/clock.js'
import { membersEvent, type MembersEvent } from '../../schema/events/members.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { aMembersHouse, ANN, BOB, codeOf, OPERATOR, type MembersHouse } from '../../test/support/members-house.js'
import { MEMBERS } from '../../test/support/standing.js'
import { until } from '../../test/support/until.js'

const isBinding = (event: MembersEvent | null) => event?.kind === 'members.merchantBound'
const PRIZE = {
  ...{
    id: 'g1',
    kind: 'campaigns.prizeGranted',
    at: '2026-11-11T12:00:00.000Z',
    grant: 'g1',
    campaign: 'Campaign:king',
  },
  ...{ member: 'Member:ann', rank: 1, plusYears: 100, eCardMinor: 100_000_000, currency: 'CNY' },
}

interface Page {
  readonly nodes: readonly unknown[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

eachMigrated(MEMBERS, (open) => {
  describe('a member', () => {
    let house: MembersHouse
    beforeEach(async () => {
      house = await aMembersHouse(await open())
    })
    afterEach(() => house.stop())

    const ensure = (who: Identity, ...named: readonly object[]) =>
      house.ask(
        who,
        'mutation ($input: EnsureMembersInput!) { ensureMembers(input: $input) { members { id nickname } errors { code field } } }',
        { input: { members: named } },
      )
    const bind = (who: Identity, memberId: string, ...sellers: readonly string[]) =>
      house.ask(
        who,
        'mutation ($input: BindMerchantInput!) { bindMerchant(input: $input) { member { id actsFor } errors { code field } } }',
        { input: { memberId, sellers } },
      )

    /** All of a list of Ann's, one on each page. */
    const pages = async (path: string, fields: string): Promise<readonly unknown[]> => {
      const found: unknown[] = []
      for (let after: string | null = null; ;) {
        const query = `query ($after: String) { me { it: ${path}(first: 1, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } } } }`
        const { data } = await house.ask(ANN, query, { after })
        const { page } = (data as { me: { it: { page: Page } } }).me.it
        found.push(...page.nodes)
        if (!page.pageInfo.hasNextPage) return found
        after = page.pageInfo.endCursor
      }
    }

    it('is made known with many others by an operator, and renamed', async () => {
      await ensure(OPERATOR, { id: 'Member:ann', nickname: 'Ann' }, { id: 'Member:bob', nickname: '波波' })
      const again = await ensure(
        OPERATOR,
        { id: 'Member:bob', nickname: '波波' },
        { id: 'Member:ann', nickname: 'Anna' },
      )
      expect(again.data).toEqual({
        ensureMembers: {
          members: [
            { id: 'Member:bob', nickname: '波波' },
            { id: 'Member:ann', nickname: 'Anna' },
          ],
          errors: [],
        },
      })
      expect(await house.rowsOf('outbox')).toBe(3)
    })

    it.each([
      ['an id of another type', [{ id: 'Order:a', nickname: 'a' }], 'members[0].id'],
      ['a blank nickname', [{ id: 'Member:a', nickname: ' ' }], 'members[0].nickname'],
      [
        'the same member twice',
        [
          { id: 'Member:a', nickname: 'a' },
          { id: 'Member:a', nickname: 'b' },
        ],
        'members',
      ],
      ['more than 500', Array.from({ length: 501 }, (_, at) => ({ id: `Member:${at}`, nickname: 'a' })), 'members'],
    ])('is not made known with %s', async (_, named, field) => {
      const { data } = await ensure(OPERATOR, ...named)
      expect(data).toEqual({ ensureMembers: { members: null, errors: [{ code: 'BAD_USER_INPUT', field }] } })
      expect(await house.rowsOf('member')).toBe(0)
    })

    it('is made known by nobody else', async () => {
      expect(await codeOf(ensure(BOB, { id: 'Member:a', nickname: 'a' }))).toBe('FORBIDDEN')
      expect(await codeOf(ensure(ANONYMOUS, { id: 'Member:a', nickname: 'a' }))).toBe('UNAUTHENTICATED')
    })

    it('is known by his token, even before he told us anything; a visitor is nobody', async () => {
      expect((await house.ask(ANN, '{ me { id nickname roles plus { until } } }')).data).toEqual({
        me: { id: 'Member:ann', nickname: 'ann', roles: ['MEMBER', 'CAMPAIGN_MANAGER'], plus: null },
      })
      expect((await house.ask(ANONYMOUS, '{ me { id } member(id: "Member:nobody") { id } }')).data).toEqual({
        me: null,
        member: null,
      })
    })

    it('gets each prize once, however often it is told, and periods of PLUS add up', async () => {
      const tell = (position: string, ...events: readonly object[]) =>
        house.bus.append(
          'campaigns',
          events.map((event, at) => ({ position: `${position}-${at + 1}`, body: JSON.stringify(event) })),
          null,
        )
      await tell('1', PRIZE, PRIZE, { ...PRIZE, id: 'g2', grant: 'g2', plusYears: 1, eCardMinor: 0 })
      await tell('2', PRIZE, { ...PRIZE, id: 'g3', grant: 'g3', plusYears: 0, eCardMinor: 5 })
      await until(async () => (await house.rowsOf('e_card_entry')) === 2)
      const { data } = await house.ask(
        ANN,
        '{ me { plus { until active } eCard { balance { amountMinor currency } entries { edges { node { amount { amountMinor } balance { amountMinor } reason } } } } } }',
      )
      expect(data).toMatchObject({
        me: {
          plus: { active: true },
          eCard: {
            balance: { amountMinor: 100_000_005, currency: 'CNY' },
            entries: {
              edges: [
                { node: { amount: { amountMinor: 5 }, balance: { amountMinor: 100_000_005 } } },
                { node: { balance: { amountMinor: 100_000_000 }, reason: 'prize of Campaign:king' } },
              ],
            },
          },
        },
      })
      const until101Years = (data as { me: { plus: { until: string } } }).me.plus.until
      expect(until101Years.slice(0, 4)).toBe(String(systemClock.now().getUTCFullYear() + 101))
      expect(await house.rowsOf('plus_period')).toBe(2)
    })

    it('sees what his e-card paid and got back, and pages through it and through his periods', async () => {
      const append = (topic: string, position: string, ...events: readonly object[]) =>
        house.bus.append(
          topic,
          events.map((event, at) => ({ position: `${position}-${at + 1}`, body: JSON.stringify(event) })),
          null,
        )
      await append('campaigns', '1', PRIZE, { ...PRIZE, id: 'g2', grant: 'g2', plusYears: 1, eCardMinor: 7 })
      await until(async () => (await house.rowsOf('e_card_entry')) === 2)
      const moved = { kind: 'orders.eCardMoved', at: PRIZE.at, member: 'Member:ann', currency: 'CNY', order: 'Order:1' }
      const paid = { ...moved, id: 'm1', cause: 'Payment:1:held', amountMinor: -100_000_007 }
      await append('orders', '1', paid, paid, { ...moved, id: 'm2', cause: 'Refund:1', amountMinor: 3 })
      await until(async () => (await house.rowsOf('e_card_entry')) === 4)
      const entries = await pages('eCard { page: entries', 'amount { amountMinor } reason')
      expect(entries).toEqual([
        { amount: { amountMinor: 3 }, reason: 'back from Order:1' },
        { amount: { amountMinor: -100_000_007 }, reason: 'paid for Order:1' },
        { amount: { amountMinor: 7 }, reason: 'prize of Campaign:king' },
        { amount: { amountMinor: 100_000_000 }, reason: 'prize of Campaign:king' },
      ])
      expect(await pages('plus { page: periods', 'years grant')).toEqual([
        { years: 1, grant: 'g2' },
        { years: 100, grant: 'g1' },
      ])
      const others = '{ member(id: "Member:ann") { plus { periods { nodes { years } } } } }'
      expect(await codeOf(house.ask(BOB, others))).toBe('FORBIDDEN')
    })

    it('shows his e-card to himself and to operators', async () => {
      await ensure(OPERATOR, { id: 'Member:ann', nickname: 'Ann' })
      const query = '{ member(id: "Member:ann") { eCard { balance { amountMinor } } } }'
      expect(await codeOf(house.ask(BOB, query))).toBe('FORBIDDEN')
      expect((await house.ask(OPERATOR, query)).data).toEqual({ member: { eCard: { balance: { amountMinor: 0 } } } })
    })

    it('acts as a merchant for the sellers that an operator names, and is told with each change once', async () => {
      expect(await codeOf(bind(ANN, 'Member:ann', 'wool'))).toBe('FORBIDDEN')
      for (const sellers of [['wool', 'tea', 'wool'], ['tea', 'wool'], []])
        expect((await bind(OPERATOR, 'Member:ann', ...sellers)).errors).toBeUndefined()
      await bind(OPERATOR, 'Member:bob', 'tea')
      expect((await house.ask(BOB, '{ me { actsFor } member(id: "Member:ann") { actsFor } }')).data).toEqual({
        me: { actsFor: ['tea'] },
        member: { actsFor: null },
      })
      const { rows } = await house.db.query<{ body: string }>('select body from members.outbox order by tx, number')
      const bound = rows.map(({ body }) => membersEvent(JSON.parse(body))).filter(isBinding)
      expect(bound.map(({ id, sellers }) => [id, sellers])).toEqual([
        ['Member:ann:sellers:1', ['tea', 'wool']],
        ['Member:ann:sellers:2', []],
        ['Member:bob:sellers:1', ['tea']],
      ])
    })

    it('is found by reference with one statement, a stranger by his key', async () => {
      await ensure(OPERATOR, { id: 'Member:ann', nickname: 'Ann' })
      const r = ['Member:ann', 'Member:stranger'].map((id) => ({ __typename: 'Member', id }))
      const { data } = await house.ask(
        ANONYMOUS,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { nickname roles } } }',
        { r },
      )
      expect(data).toEqual({
        _entities: [
          { nickname: 'Ann', roles: null },
          { nickname: 'stranger', roles: null },
        ],
      })
    })
  })
})
