import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { fields, list, oneOf, text, whole } from '../../platform/decode.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { ORDER_STATES } from '../../schema/events/orders.js'
import type { Identity } from '../../schema/identity.js'
import { aPartner, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { aGround } from '../../test/support/ground.js'
import { ENTITY, FED } from '../../test/support/orders-documents.js'
import { ORDERS } from '../../test/support/standing.js'
import { until } from '../../test/support/until.js'
import { ENDS } from '../host/books/agreement.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import type { Ground } from '../host/subgraph.js'
import { orders } from './subgraph.js'

const DAY = '2026-11-11'
const NOON = new Date('2026-11-11T04:00:00Z')
const acme = aPartner('acme')
const operator = someone('op', 'operator')
const PLACE =
  'mutation ($i: PartnerPlaceOrderInput!) { partnerPlaceOrder(input: $i) { order { state } errors { code } } }'
const CONFIRM = 'mutation ($i: PartnerConfirmInput!) { partnerConfirm(input: $i) { order { state } errors { code } } }'
const REFUND = 'mutation ($i: PartnerRefundInput!) { partnerRefund(input: $i) { order { state } errors { code } } }'
const BOOKS = `query ($from: DateTime!, $to: DateTime!) { partnerStatement(from: $from, to: $to, first: 100) { nodes {
  partnerOrder state paid { amountMinor } refunded { amountMinor } commission { amountMinor } subsidy { amountMinor } } } }`
const REPORT = `mutation ($i: PartnerReportDayInput!) { partnerReportDay(input: $i) {
  report { day pages lines reportedAt } errors { code field } } }`
const COMPARED = `query ($day: String!, $partner: String) { partnerDay(day: $day, partner: $partner) {
  partner comparedAt orders open undecided ours { amountMinor } theirs { amountMinor } } }`
const FOUND = `query ($day: String, $partner: String) { partnerDifferences(day: $day, partner: $partner) { nodes {
  number partnerOrder what ours theirs state deeds { state by reason } } } }`
const SETTLE = `mutation ($i: SettlePartnerDifferenceInput!) { settlePartnerDifference(input: $i) {
  difference { state deeds { by reason } } errors { code field } } }`
const COMPARE = `mutation ($i: ComparePartnerDayInput!) { comparePartnerDay(input: $i) { askedAt errors { code field } } }`

interface Line {
  readonly partnerOrderId: string
  readonly end: string
  readonly paidMinor: number
  readonly refundedMinor: number
  readonly commissionMinor: number | null
  readonly subsidyMinor: number | null
}

eachMigrated(ORDERS, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  let now = NOON
  let keys = 0

  beforeEach(async () => {
    now = NOON
    ground = aGround({ db: await open(), bus: memoryBus({ clock: systemClock, observer: silent }) })
    const env = { ORDERS_ROUND_MS: '3600000' }
    const databaseClock = () => Promise.resolve(now)
    hosted = await runSubgraph(orders({ secrets: secretsFrom(Buffer.alloc(32, 7)), env, databaseClock }), ground)
    await ground.bus.append('catalog', [{ position: '1-1', body: JSON.stringify(FED) }])
    const asked = { query: ENTITY, variables: { r: [{ __typename: 'Variant', id: VARIANT }] } }
    await until(async () => JSON.stringify((await hosted.ask(asked, acme)).data).includes('1000'), 'the price')
    await bought('A1')
    await bought('A2')
    await does(REFUND, { partnerOrderId: 'A2', reason: 'too small' })
  })
  afterEach(async () => {
    await hosted.stop()
    await ground.bus.close()
    await ground.db.close()
  })

  const does = (query: string, i: object, who: Identity = acme) => hosted.ask({ query, variables: { i } }, who)
  const reads = (query: string, variables: Readonly<Record<string, unknown>>, who: Identity = acme) =>
    hosted.ask({ query, variables }, who)

  async function bought(partnerOrderId: string, who = acme): Promise<void> {
    const lines = [{ variantId: VARIANT, quantity: 1 }]
    await does(PLACE, { idempotencyKey: partnerOrderId, partnerOrderId, lines }, who)
    await does(CONFIRM, { partnerOrderId, paidMinor: 1000, paidAt: now.toISOString() }, who)
  }

  /** The partner's books when they say what ours say. */
  async function books(): Promise<readonly Line[]> {
    const { data } = await reads(BOOKS, { from: '2026-11-09T00:00:00Z', to: '2026-11-13T00:00:00Z' })
    return list(fields(fields(data, 'data')['partnerStatement'], 'page')['nodes'], 'nodes', (value, place) => {
      const it = fields(value, place)
      const minor = (name: string) => whole(fields(it[name], name)['amountMinor'], name)
      return {
        partnerOrderId: text(it['partnerOrder'], 'order'),
        end: ENDS[oneOf(it['state'], 'state', ORDER_STATES)].toUpperCase(),
        ...{ paidMinor: minor('paid'), refundedMinor: minor('refunded') },
        ...{ commissionMinor: minor('commission'), subsidyMinor: minor('subsidy') },
      }
    })
  }
  const changed = async (order: string, change: Partial<Line>) =>
    (await books()).map((line) => (line.partnerOrderId === order ? { ...line, ...change } : line))

  /** Hands in something of the day a second later, each time under a key of its own. */
  async function reports(lines: readonly Line[], some: object = {}) {
    now = new Date(now.getTime() + 1000)
    keys += 1
    return await does(REPORT, { idempotencyKey: `k${keys}`, day: DAY, lines, ...some })
  }
  const comparedAt = async (day: string) => JSON.stringify((await reads(COMPARED, { day })).data)
  const isCompared = (day = DAY) =>
    until(async () => (await comparedAt(day)).includes(now.toISOString()), `the comparison of ${day}`)
  async function found(lines: readonly Line[]): Promise<readonly string[]> {
    expect((await reports(lines)).data).toMatchObject({ partnerReportDay: { errors: [] } })
    await isCompared()
    return await differences()
  }
  async function differences(day: string | null = DAY, who = acme): Promise<readonly string[]> {
    const { data } = await reads(FOUND, { day }, who)
    return list(fields(fields(data, 'data')['partnerDifferences'], 'page')['nodes'], 'nodes', (value, place) => {
      const it = fields(value, place)
      const [order, what, ours, theirs] = ['partnerOrder', 'what', 'ours', 'theirs'].map((name) => String(it[name]))
      return `${it['state'] === 'OPEN' ? '' : `${String(it['state'])} `}${what} ${order}: ${ours} / ${theirs}`
    })
  }
  const refused = (code: string, field: string) => ({
    partnerReportDay: { report: null, errors: [{ code, field }] },
  })

  describe('a day that a partner hands in', () => {
    it('has no differences when its books say what ours say', async () => {
      expect(await found(await books())).toEqual([])
      expect((await reads(COMPARED, { day: DAY, partner: 'acme' }, operator)).data).toMatchObject({
        partnerDay: { partner: 'acme', orders: 2, open: 0, ours: { amountMinor: 1000 }, theirs: { amountMinor: 1000 } },
      })
    })

    it('differs by an order that only we have', async () => {
      expect(await found((await books()).slice(1))).toEqual(['MISSING_THERE A1: open 1000 / '])
    })

    it('differs by an order that only they have', async () => {
      const [first] = await books()
      expect(await found([...(await books()), { ...(first ?? expect.unreachable()), partnerOrderId: 'A9' }])).toEqual([
        'MISSING_HERE A9:  / open 1000',
      ])
    })

    it.each([
      ['what was paid', { paidMinor: 1001 }, 'PAID A1: 1000 / 1001'],
      ['what went back', { refundedMinor: 1 }, 'REFUNDED A1: 0 / 1'],
      ['a commission', { commissionMinor: 21 }, /^COMMISSION A1: \d+ \/ 21$/],
      ['a subsidy', { subsidyMinor: 5 }, 'SUBSIDY A1: 0 / 5'],
      ['an end', { end: 'SOLD' }, 'STATE A1: open / sold'],
    ])('differs by %s', async (_what, change, line) => {
      expect(await found(await changed('A1', change))).toEqual([expect.stringMatching(line)])
    })

    it('differs by an order that stands in it twice, on whichever pages', async () => {
      const lines = await books()
      await reports(lines, { isLast: false })
      await reports(lines.slice(0, 1), { page: 2 })
      await isCompared()
      expect(await differences()).toEqual(['DOUBLED A1: 1 / 2'])
    })

    it('does not differ by what the partner cannot say yet', async () => {
      expect(await found(await changed('A1', { commissionMinor: null, subsidyMinor: null }))).toEqual([])
      expect(await comparedAt(DAY)).toContain('"undecided":1')
    })

    it('is compared again when it is handed in again, and what is gone then is settled by that', async () => {
      expect(await found(await changed('A1', { paidMinor: 1001 }))).toHaveLength(1)
      expect(await found(await books())).toEqual(['SETTLED PAID A1: 1000 / 1001'])
      expect(await found(await changed('A1', { paidMinor: 1002 }))).toEqual(['PAID A1: 1000 / 1002'])
    })

    it('is compared again by an operator with the books that were handed in', async () => {
      expect(await found(await changed('A1', { refundedMinor: 1000, end: 'GONE', commissionMinor: 0 }))).not.toEqual([])
      await does(REFUND, { partnerOrderId: 'A1', reason: 'it was given back' })
      now = new Date(now.getTime() + 1000)
      await does(COMPARE, { partner: 'acme', day: DAY }, operator)
      await isCompared()
      expect((await differences()).every((line) => line.startsWith('SETTLED'))).toBe(true)
      const other = await does(COMPARE, { partner: 'acme', day: '2026-11-01' }, operator)
      expect(other.data).toMatchObject({ comparePartnerDay: { errors: [{ code: 'NOT_FOUND', field: 'day' }] } })
    })

    it('has an order that we placed a moment before midnight and they a moment after', async () => {
      now = new Date('2026-11-11T15:59:59Z')
      await bought('A3')
      const lines = await books()
      expect(await found(lines.slice(0, 2))).toEqual(['MISSING_THERE A3: open 1000 / '])
      await reports(lines.slice(2), { day: '2026-11-12' })
      await isCompared('2026-11-12')
      await isCompared(DAY)
      expect(await differences('2026-11-12')).toEqual([])
      expect(await differences()).toEqual(['SETTLED MISSING_THERE A3: open 1000 / '])
    })
  })

  describe('the pages of a day', () => {
    it('are compared when the last has come, and page 1 takes the place of all before', async () => {
      const [first, ...rest] = await books()
      const half = await reports([first ?? expect.unreachable()], { isLast: false })
      expect(half.data).toMatchObject({ partnerReportDay: { report: { pages: 1, lines: 1, reportedAt: null } } })
      expect((await reads(COMPARED, { day: DAY })).data).toEqual({ partnerDay: null })
      expect((await reports(rest, { page: 2 })).data).toMatchObject({
        partnerReportDay: { report: { pages: 2, lines: 2, reportedAt: now.toISOString() } },
      })
      await isCompared()
      expect(await differences()).toEqual([])
      expect(await found(rest)).toEqual(['MISSING_THERE A1: open 1000 / '])
    })

    it('come one after the other, and none after the last', async () => {
      const lines = await books()
      expect((await reports(lines, { page: 2 })).data).toEqual(refused('STATE_FORBIDS', 'page'))
      await reports(lines, { isLast: false })
      expect((await reports(lines, { page: 3 })).data).toEqual(refused('CONFLICT', 'page'))
      expect((await reports([], { page: 2, currency: 'USD' })).data).toEqual(refused('BAD_USER_INPUT', 'currency'))
      await reports([], { page: 2 })
      expect((await reports(lines, { page: 3 })).data).toEqual(refused('STATE_FORBIDS', 'page'))
    })

    it('R01 are kept once for a key, and another body under it is refused', async () => {
      const lines = await books()
      const first = await reports(lines, { idempotencyKey: 'same' })
      await reports(lines.slice(1))
      expect(await reports(lines, { idempotencyKey: 'same' })).toEqual(first)
      expect((await reports([], { idempotencyKey: 'same' })).data).toMatchObject({
        partnerReportDay: { errors: [{ code: 'IDEMPOTENCY_MISMATCH' }] },
      })
    })

    it.each([
      ['a day of another form', { day: '11/11/2026' }, 'day'],
      ['a day that has not begun', { day: '2026-11-12' }, 'day'],
      ['a currency that is none', { currency: 'yuan' }, 'currency'],
      ['a page beyond the last', { page: 401 }, 'page'],
    ])('are refused for %s', async (_what, some, field) => {
      expect((await reports([], some)).data).toEqual(refused('BAD_USER_INPUT', field))
    })

    it('are refused for too many lines, and for a line that cannot be', async () => {
      const [line = expect.unreachable()] = await books()
      const many = Array.from({ length: 501 }, () => line)
      expect((await reports(many)).data).toEqual(refused('BAD_USER_INPUT', 'lines'))
      const more = [line, { ...line, refundedMinor: 1001 }]
      expect((await reports(more)).data).toEqual(refused('BAD_USER_INPUT', 'lines[1].refundedMinor'))
      const nobody = [{ ...line, partnerOrderId: '' }]
      expect((await reports(nobody)).data).toEqual(refused('BAD_USER_INPUT', 'lines[0].partnerOrderId'))
    })
  })

  describe('a difference', () => {
    it('is settled by an operator, with who said it and why; the partner reads why', async () => {
      await found(await changed('A1', { paidMinor: 1001 }))
      const settled = await does(SETTLE, { number: 1, state: 'EXPLAINED', reason: 'rounded' }, operator)
      expect(settled.data).toMatchObject({
        settlePartnerDifference: {
          difference: { state: 'EXPLAINED', deeds: [{ by: 'Member:op', reason: 'rounded' }] },
        },
      })
      expect((await reads(FOUND, { day: DAY })).data).toMatchObject({
        partnerDifferences: { nodes: [{ deeds: [{ by: 'the shop', reason: 'rounded' }] }] },
      })
      expect(await found(await changed('A1', { paidMinor: 1001 }))).toEqual(['EXPLAINED PAID A1: 1000 / 1001'])
    })

    it('S32 is neither shown to another partner nor settled by any', async () => {
      await found(await changed('A1', { paidMinor: 1001 }))
      const other = aPartner('other')
      expect(await differences(null, other)).toEqual([])
      expect(await differences(null, operator)).toHaveLength(1)
      const forbidden = { errors: [{ extensions: { code: 'FORBIDDEN' } }] }
      expect(await reads(FOUND, { partner: 'acme' }, other)).toMatchObject(forbidden)
      expect(await reads(COMPARED, { day: DAY, partner: 'acme' }, other)).toMatchObject(forbidden)
      expect(await does(SETTLE, { number: 1, state: 'SETTLED', reason: 'no' })).toMatchObject(forbidden)
      const scoped: Identity = { ...acme, scopes: ['order'], credential: { id: 'pc_1', networks: [] } }
      const report = { idempotencyKey: 'x', day: DAY, lines: [] }
      expect(await does(REPORT, report, scoped)).toMatchObject(forbidden)
      expect(await does(REPORT, report, someone('m', 'member'))).toMatchObject(forbidden)
    })
  })
})
