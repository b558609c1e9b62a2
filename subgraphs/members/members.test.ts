import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { membersEvent, type MembersEvent } from '../../schema/events/members.js'
import { ANONYMOUS, type Identity, type Role } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { MEMBERS } from '../../test/support/standing.js'
import { counting } from '../../test/support/counting.js'
import { aGround } from '../../test/support/ground.js'
import { until } from '../../test/support/until.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { personalWith } from '../../platform/personal.js'
import { seededChance } from '../../platform/time/chance.js'
import { sealClear } from './flow/seal-addresses.js'
import { members } from './subgraph.js'

const as = (member: string, ...roles: readonly Role[]): Identity => ({ ...ANONYMOUS, member, roles, expiresAt: 9e9 })
const ANN = as('Member:ann', 'member', 'campaign-manager')
const BOB = as('Member:bob', 'member')
const OPERATOR = as('Member:op', 'operator')
const secrets = secretsFrom(Buffer.alloc(32, 3))
const isBinding = (event: MembersEvent | null) => event?.kind === 'members.merchantBound'
const ADDRESS = { regionCode: '110105', line: '1 Sunny Street', receiver: 'Ann', phone: '+86 138 0000 0000' }
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
    let db: Database
    let bus: Bus
    let hosted: HostedSubgraph
    beforeEach(async () => {
      db = await open()
      bus = memoryBus({ clock: systemClock, observer: silent })
      hosted = await runSubgraph(members({ secrets }), aGround({ db, bus }))
    })
    afterEach(async () => {
      await hosted.stop()
      await bus.close()
      await db.close()
    })

    const ask = (who: Identity, query: string, variables: Record<string, unknown> = {}) =>
      hosted.ask({ query, variables }, who)
    const ensure = (who: Identity, ...named: readonly object[]) =>
      ask(
        who,
        'mutation ($input: EnsureMembersInput!) { ensureMembers(input: $input) { members { id nickname } errors { code field } } }',
        { input: { members: named } },
      )
    const addAddress = (who: Identity, address: object) =>
      ask(
        who,
        'mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id line } errors { code field message } } }',
        { input: address },
      )
    const bind = (who: Identity, memberId: string, ...sellers: readonly string[]) =>
      ask(
        who,
        'mutation ($input: BindMerchantInput!) { bindMerchant(input: $input) { member { id actsFor } errors { code field } } }',
        { input: { memberId, sellers } },
      )
    const codeOf = async (reply: ReturnType<typeof ask>) => (await reply).errors?.[0]?.extensions.code
    const rowsOf = async (table: string) => (await db.query(`select 1 from members.${table}`)).count

    /** All of a list of Ann's, one on each page. */
    const pages = async (path: string, fields: string): Promise<readonly unknown[]> => {
      const found: unknown[] = []
      for (let after: string | null = null; ;) {
        const query = `query ($after: String) { me { it: ${path}(first: 1, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } } } }`
        const { data } = await ask(ANN, query, { after })
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
      expect(await rowsOf('outbox')).toBe(3)
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
      expect(await rowsOf('member')).toBe(0)
    })

    it('is made known by nobody else', async () => {
      expect(await codeOf(ensure(BOB, { id: 'Member:a', nickname: 'a' }))).toBe('FORBIDDEN')
      expect(await codeOf(ensure(ANONYMOUS, { id: 'Member:a', nickname: 'a' }))).toBe('UNAUTHENTICATED')
    })

    it('is known by his token, even before he told us anything; a visitor is nobody', async () => {
      expect((await ask(ANN, '{ me { id nickname roles plus { until } } }')).data).toEqual({
        me: { id: 'Member:ann', nickname: 'ann', roles: ['MEMBER', 'CAMPAIGN_MANAGER'], plus: null },
      })
      expect((await ask(ANONYMOUS, '{ me { id } member(id: "Member:nobody") { id } }')).data).toEqual({
        me: null,
        member: null,
      })
    })

    it('keeps his addresses to himself', async () => {
      await addAddress(ANN, ADDRESS)
      expect((await ask(ANN, '{ me { addresses { line receiver } } }')).data).toEqual({
        me: { addresses: [{ line: '1 Sunny Street', receiver: 'Ann' }] },
      })
      for (const who of [BOB, OPERATOR])
        expect(await codeOf(ask(who, '{ member(id: "Member:ann") { addresses { line } } }'))).toBe('FORBIDDEN')
      expect(await codeOf(ask(ANONYMOUS, '{ member(id: "Member:ann") { addresses { line } } }'))).toBe(
        'UNAUTHENTICATED',
      )
    })

    it('keeps an address once under a key, and refuses another under it', async () => {
      const kept = async (some: object = {}) =>
        (await addAddress(ANN, { ...ADDRESS, idempotencyKey: 'k', ...some })).data
      const first = await kept()
      expect(first).toMatchObject({ addAddress: { address: { line: ADDRESS.line }, errors: [] } })
      expect(await kept()).toEqual(first)
      expect(await kept({ line: '2 Sunny Street' })).toMatchObject({
        addAddress: { address: null, errors: [{ code: 'IDEMPOTENCY_MISMATCH' }] },
      })
      expect(await rowsOf('address')).toBe(1)
      await addAddress(BOB, { ...ADDRESS, idempotencyKey: 'k' })
      await addAddress(ANN, ADDRESS)
      expect(await rowsOf('address')).toBe(3)
    })

    it('has his addresses sealed where they lie, those too that a version before kept in clear', async () => {
      await addAddress(ANN, ADDRESS)
      await db.query(
        `insert into members.address (id, member_id, region_code, line, receiver, phone, created_at)
         values ('Address:old', 'Member:ann', '110105', 'Old Street', 'Old Ann', '5550199', '2020-01-01')`,
      )
      const kept = async () => JSON.stringify((await db.query('select * from members.address')).rows)
      const seen = async () => (await ask(ANN, '{ me { addresses { line receiver phone } } }')).data
      const both = await seen()
      expect(both).toEqual({
        me: {
          addresses: [
            { line: '1 Sunny Street', receiver: 'Ann', phone: '+86 138 0000 0000' },
            { line: 'Old Street', receiver: 'Old Ann', phone: '5550199' },
          ],
        },
      })
      expect(await kept()).toContain('5550199')
      const observer = counting()
      const personal = personalWith(secrets.key('member-address'), seededChance(5))
      await sealClear({ db, personal, observer })
      expect(observer.counted('members.addresses.sealed')).toBe(1)
      expect(await kept()).not.toMatch(/5550199|Street|Ann/)
      expect(await seen()).toEqual(both)
    })

    it('deletes an address for good, his own alone', async () => {
      const added = (await addAddress(ANN, ADDRESS)).data as { addAddress: { address: { id: string } } }
      const addressId = added.addAddress.address.id
      const remove = async (who: Identity) =>
        (
          await ask(
            who,
            'mutation ($input: RemoveAddressInput!) { removeAddress(input: $input) { addressId errors { code } } }',
            { input: { addressId } },
          )
        ).data
      const notFound = { removeAddress: { addressId: null, errors: [{ code: 'NOT_FOUND' }] } }
      expect(await remove(BOB)).toEqual(notFound)
      expect(await rowsOf('address')).toBe(1)
      expect(await remove(ANN)).toEqual({ removeAddress: { addressId, errors: [] } })
      expect(await rowsOf('address')).toBe(0)
      expect(await remove(ANN)).toEqual(notFound)
    })

    it('is refused an address that is none, and its number is not told', async () => {
      const { data } = await addAddress(ANN, { ...ADDRESS, phone: 'call 5550199 now' })
      expect(data).toMatchObject({
        addAddress: { address: null, errors: [{ code: 'BAD_USER_INPUT', field: 'phone' }] },
      })
      expect(JSON.stringify(data)).not.toContain('5550199')
      expect(await rowsOf('address')).toBe(0)
    })

    it('gets each prize once, however often it is told, and periods of PLUS add up', async () => {
      const tell = (position: string, ...events: readonly object[]) =>
        bus.append(
          'campaigns',
          events.map((event, at) => ({ position: `${position}-${at + 1}`, body: JSON.stringify(event) })),
          null,
        )
      await tell('1', PRIZE, PRIZE, { ...PRIZE, id: 'g2', grant: 'g2', plusYears: 1, eCardMinor: 0 })
      await tell('2', PRIZE, { ...PRIZE, id: 'g3', grant: 'g3', plusYears: 0, eCardMinor: 5 })
      await until(async () => (await rowsOf('e_card_entry')) === 2)
      const { data } = await ask(
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
      expect(await rowsOf('plus_period')).toBe(2)
    })

    it('sees what his e-card paid and got back, and pages through it and through his periods', async () => {
      const append = (topic: string, position: string, ...events: readonly object[]) =>
        bus.append(
          topic,
          events.map((event, at) => ({ position: `${position}-${at + 1}`, body: JSON.stringify(event) })),
          null,
        )
      await append('campaigns', '1', PRIZE, { ...PRIZE, id: 'g2', grant: 'g2', plusYears: 1, eCardMinor: 7 })
      await until(async () => (await rowsOf('e_card_entry')) === 2)
      const moved = { kind: 'orders.eCardMoved', at: PRIZE.at, member: 'Member:ann', currency: 'CNY', order: 'Order:1' }
      const paid = { ...moved, id: 'm1', cause: 'Payment:1:held', amountMinor: -100_000_007 }
      await append('orders', '1', paid, paid, { ...moved, id: 'm2', cause: 'Refund:1', amountMinor: 3 })
      await until(async () => (await rowsOf('e_card_entry')) === 4)
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
      expect(await codeOf(ask(BOB, others))).toBe('FORBIDDEN')
    })

    it('shows his e-card to himself and to operators', async () => {
      await ensure(OPERATOR, { id: 'Member:ann', nickname: 'Ann' })
      const query = '{ member(id: "Member:ann") { eCard { balance { amountMinor } } } }'
      expect(await codeOf(ask(BOB, query))).toBe('FORBIDDEN')
      expect((await ask(OPERATOR, query)).data).toEqual({ member: { eCard: { balance: { amountMinor: 0 } } } })
    })

    it('acts as a merchant for the sellers that an operator names, and is told with each change once', async () => {
      expect(await codeOf(bind(ANN, 'Member:ann', 'wool'))).toBe('FORBIDDEN')
      for (const sellers of [['wool', 'tea', 'wool'], ['tea', 'wool'], []])
        expect((await bind(OPERATOR, 'Member:ann', ...sellers)).errors).toBeUndefined()
      await bind(OPERATOR, 'Member:bob', 'tea')
      expect((await ask(BOB, '{ me { actsFor } member(id: "Member:ann") { actsFor } }')).data).toEqual({
        me: { actsFor: ['tea'] },
        member: { actsFor: null },
      })
      const { rows } = await db.query<{ body: string }>('select body from members.outbox order by tx, number')
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
      const { data } = await ask(
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
