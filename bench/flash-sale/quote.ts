import { performance } from 'node:perf_hooks'
import type { CouponFacts } from '../../subgraphs/orders/domain/coupons.js'
import { ANYBODY, draftOrder, type AskedLine, type ShopFacts } from '../../subgraphs/orders/domain/draft.js'
import { OFFER_KINDS, type Offer } from '../../subgraphs/orders/domain/offers.js'

/** `npm run bench:quote`: what pricing an order costs the processor, against the number of offers of a variant, of lines and of coupons. */
const ROUNDS = 5
const ROUND_MS = 300
/** offers of each variant, lines, coupons. */
const CASES = [
  [0, 1, 0],
  [1, 1, 0],
  [5, 1, 0],
  [20, 1, 0],
  [20, 50, 0],
  [0, 50, 0],
  [0, 50, 10],
  [20, 50, 10],
] as const

const ASKED: AskedLine = {
  ...{ variant: 'Variant:v', quantity: 3, room: null, outlet: null, flashSale: null, click: null },
  expectedUnitMinor: null,
}

const SHARES = [
  { bearer: 'platform', shareBp: 6667 },
  { bearer: 'seller:shop', shareBp: 3333 },
]

console.log('| offers | lines | coupons | µs (best of 5) |\n| --- | --- | --- | --- |')
for (const [offers, lines, coupons] of CASES) {
  const micros = Array.from({ length: ROUNDS }, () => timed(offers, lines, coupons))
  console.log(`| ${offers} | ${lines} | ${coupons} | ${Math.min(...micros).toFixed(1)} |`)
}

function timed(offers: number, lines: number, coupons: number): number {
  const asked = Array.from({ length: lines }, () => ASKED)
  const facts = factsWith(offers, coupons)
  const asker = { ...ANYBODY, coupons: Array.from({ length: coupons }, (_, at) => `Coupon:${at}`) }
  const [start, before] = [performance.now(), process.cpuUsage()]
  let rounds = 0
  while (performance.now() - start < ROUND_MS) {
    draftOrder(asked, facts, asker)
    rounds++
  }
  return process.cpuUsage(before).user / rounds // the processor's own time: the machine may have other work
}

function factsWith(offers: number, coupons: number): ShopFacts {
  const standing = Array.from({ length: offers }, (_, at) => offer(at))
  const laid = new Map(Array.from({ length: coupons }, (_, at) => [`Coupon:${at}`, coupon(at)]))
  const list = { amountMinor: 99_900, currency: 'CNY' }
  const goods = { product: 'Product:p', seller: 'shop', list, compareAtMinor: null, floorMinor: 10_000 }
  return {
    goods: new Map([['Variant:v', goods]]),
    rooms: new Map(),
    roomPrice: () => null,
    sales: new Map(),
    offers: () => standing,
    budgets: new Map(),
    coupon: (id) => laid.get(id),
  }
}

function offer(at: number): Offer {
  const kind = OFFER_KINDS[at % 5] ?? 'PLUS'
  const reduction = { form: 'RATE' as const, bp: 100 + at }
  return { id: String(at), kind, label: 'an offer', currency: 'CNY', reduction, shares: SHARES, barred: null }
}

function coupon(at: number): CouponFacts {
  const reduction = { form: 'BY' as const, minor: 1000 + at }
  const terms = { seller: null, currency: 'CNY', fromMinor: 0, mostMinor: null, barred: null }
  return { ...terms, id: `Coupon:${at}`, kind: 'PLATFORM_COUPON', label: 'a coupon', reduction, shares: SHARES }
}
