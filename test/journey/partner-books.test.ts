import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { BOOKS, compareDay, type ComparedDay } from '../../scripts/reconcile/compare-day.js'
import type { Order } from '../../sandbox/kuaishou/world.js'
import { Merchant } from '../support/merchant.js'
import { openHouse, type House } from '../support/house.js'
import { until } from '../support/until.js'
import { bothSidesAgree, untilTheEnd } from './partner-evening.js'

const SETTLE =
  'mutation($input: SettleKuaishouDifferenceInput!) { settleKuaishouDifference(input: $input) { difference { state deeds { by reason } } errors { code } } }'

const OPEN =
  'mutation($input: OpenSubsidySessionInput!) { openSubsidySession(input: $input) { subsidySession { id } errors { code } } }'
const ADD = 'mutation($input: AddToSubsidySessionInput!) { addToSubsidySession(input: $input) { errors { code } } }'
/** What buyers paid for what they kept. */
const KEPT = 3 * 1990 + 1500

describe("a day's books of both sides", () => {
  let house: House
  let operator: Ask
  let orders: readonly Order[]

  /** Six orders that end well on both sides: four received (one with a subsidy), one given back before it was sent, one never paid. */
  beforeAll(async () => {
    house = await openHouse({ seed: 3, env: { KUAISHOU_POLL_MS: '300' } })
    operator = await house.as({ sub: 'Member:op', roles: ['operator'] })
    const token = await house.shop.token({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] })
    const merchant = new Merchant(house.url, token)
    await merchant.opens()
    const { kuaishou } = house.sandboxes
    const skus = kuaishou.memory.items.flatMap((item) => item.skus)
    const skuId = skus.find(({ priceFen }) => priceFen === 1990)?.skuId ?? ''
    // The shop says no until it knows of the stock.
    for (let count = 0; count < 4; count++)
      await until(async () => (await kuaishou.buyers.buy({ skuId, num: 1 })) !== null, 'a sale')
    const [given] = kuaishou.memory.orders
    const sold = kuaishou.memory.orders.length
    await until(async () => (await kuaishou.buyers.order({ skuId, num: 1 })) !== null, 'an order that nobody pays')
    kuaishou.buyers.cancel(kuaishou.memory.orders[sold]?.oid ?? '')
    kuaishou.buyers.refund(given?.oid ?? '')
    await until(() => (given?.refundedFen ?? 0) > 0, 'the refund')
    await oneSubsidised(merchant, skuId)
    await untilTheEnd(merchant, kuaishou)
    await bothSidesAgree(merchant, kuaishou)
    orders = kuaishou.memory.orders
  }, 60_000)
  afterAll(() => house.stop())

  /** A session of 500 fen that takes 490 off, of which the partner bears 294 and we 196: it lasts for one piece. */
  async function oneSubsidised(merchant: Merchant, skuId: string): Promise<void> {
    const { kuaishou } = house.sandboxes
    const shelf = (await merchant.shelves()).find(({ variant }) => variant.kuaishouListing?.kuaishouSku === skuId)
    const session = {
      ...{
        idempotencyKey: 'session',
        label: '双百亿补贴',
        partner: 'kuaishou',
        budget: { amountMinor: 500, currency: 'CNY' },
      },
      shares: [
        { bearer: 'partner:kuaishou', shareBp: 6000 },
        { bearer: 'platform', shareBp: 4000 },
      ],
    }
    const { data } = await operator({ query: OPEN, variables: { input: session } })
    const { subsidySession } = (data as { openSubsidySession: { subsidySession: { id: string } } }).openSubsidySession
    const good = { subsidySessionId: subsidySession.id, variantId: shelf?.variant.id, reduction: { byMinor: 490 } }
    await operator({ query: ADD, variables: { input: good } })
    const sku = kuaishou.memory.items.flatMap((item) => item.skus).find((one) => one.skuId === skuId)
    await until(() => sku?.priceFen === 1990 - 196, 'our part of the subsidy in the price')
    kuaishou.subsidise({ relSkuId: sku?.relSkuId ?? '', fen: 294, budgetFen: 500 })
    await until(async () => (await kuaishou.buyers.buy({ skuId, num: 1 }))?.totalFen === 1500, 'a sale with it')
    await until(() => sku?.priceFen === 1990, 'the price without it, since its money does not last for another')
  }

  const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  async function compared(day = today()): Promise<ComparedDay> {
    const books = BOOKS.get('kuaishou') ?? expect.unreachable()
    return await compareDay(operator, { books, day, clock: systemClock, withinMs: 20_000 })
  }
  const sold = (): readonly Order[] => orders.filter(({ status }) => status === 70)
  const wrongs = ({ open }: ComparedDay) => open.map(({ order, what }) => `${what} ${order}`)
  async function settle(number: number, state: string, reason: string, ask = operator) {
    const { data, errors } = await ask({ query: SETTLE, variables: { input: { number, state, reason } } })
    return { data, errors }
  }

  it('agree to the fen, commissions too, after an evening that went well', async () => {
    expect(sold().length).toBe(4)
    expect(await compared()).toMatchObject({ undecided: 0, oursMinor: KEPT, theirsMinor: KEPT, open: [] })
  })

  it('hold nothing on a day on which nothing was sold, and are refused where the partner shows none any more', async () => {
    const before = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)
    expect(await compared(before)).toMatchObject({ orders: 0, open: [] })
    await expect(compared('2020-01-01')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('differ by exactly the lines that were falsified, and agree again when these are put right', async () => {
    const [first, second, third, fourth] = sold()
    if (first === undefined || second === undefined || third === undefined || fourth === undefined)
      throw new Error('four were sold')
    const world = house.sandboxes.kuaishou.memory
    const true_ = first.totalFen
    Object.assign(first, { totalFen: true_ + 1 })
    second.refundedFen = second.totalFen
    Object.assign(fourth, { discountFen: 295 })
    world.orders = world.orders.filter((order) => order !== third)
    const found = await compared()
    expect(wrongs(found).toSorted()).toEqual(
      [
        ...[`COMMISSION ${second.oid}`, `MISSING_THERE ${third.oid}`, `PAID ${first.oid}`],
        `SUBSIDY ${fourth.oid}`,
      ].toSorted(),
    )
    expect(found.oursMinor - found.theirsMinor).toBe(1990 - 1)

    const explained = found.open.find(({ what }) => what === 'PAID')?.number ?? 0
    expect((await settle(explained, 'EXPLAINED', 'rounded by a person')).data).toMatchObject({
      settleKuaishouDifference: {
        difference: { state: 'EXPLAINED', deeds: [{ by: 'Member:op', reason: 'rounded by a person' }] },
      },
    })
    expect(wrongs(await compared())).toHaveLength(3)

    Object.assign(first, { totalFen: true_ })
    second.refundedFen = 0
    Object.assign(fourth, { discountFen: 294 })
    world.orders.push(third)
    expect(await compared()).toMatchObject({ oursMinor: KEPT, open: [] })
    expect((await settle(explained, 'SETTLED', 'seen')).data).toMatchObject({
      settleKuaishouDifference: { difference: { deeds: [{}, { by: 'comparison' }, { by: 'Member:op' }] } },
    })
  })

  it('S32 are neither shown to others nor settled by them', async () => {
    const partner = await house.as({ partner: 'kuaishou', roles: ['partner'] })
    expect(await settle(1, 'SETTLED', 'no', partner)).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] })
    const foreign = await house.as({ partner: 'other', roles: ['partner'] })
    const ask = { query: STATEMENT, variables: { from: '2026-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' } }
    await until(async () => JSON.stringify((await partner(ask)).data).includes(orders[0]?.oid ?? '-'))
    expect((await foreign(ask)).data).toEqual({ partnerStatement: { edges: [] } })
    const named = { ...ask, query: STATEMENT.replace('first: 5', 'first: 5, partner: "kuaishou"') }
    expect((await foreign(named)).errors).toMatchObject([{ code: 'FORBIDDEN' }])
  })
})

const STATEMENT =
  'query($from: DateTime!, $to: DateTime!) { partnerStatement(from: $from, to: $to, first: 5) { edges { node { partnerOrder } } } }'
