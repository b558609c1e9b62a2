import type { Bus } from '../../platform/bus/bus.js'
import { fields } from '../../platform/decode.js'
import type { Ask, Reply } from '../../schema/ask.js'
import type { OrderMoved, OrderState } from '../../schema/events/orders.js'

interface FakeOrder {
  readonly order: string
  readonly partnerOrder: string
  readonly variant: string
  readonly quantity: number
  readonly totalMinor: number
  refundedMinor: number
  address: unknown
  /** The region that it was reserved for without an address. */
  readonly regionCode: unknown
  state: OrderState
  version: number
  carrier: string | null
  waybill: string | null
}

interface FakeGood {
  priceMinor: number
  available: number
  version: number
  subsidy: { readonly minor: number; pieces: number } | null
}

/** A shop that a connector talks to through its port: stock and orders in memory, the partner's mutations, and the events that tell of them. */
export interface FakeShop {
  readonly ask: Ask
  readonly orders: Map<string, FakeOrder>
  /** The mutations that came, by name. */
  readonly asked: string[]
  /** Catalog and orders tell of a variant. */
  sell(variant: string, told: { product: string; title: string; priceMinor: number; available: number }): Promise<void>
  stockOf(variant: string): number
  setPrice(variant: string, minor: number): Promise<void>
  /** Takes so much off a piece while so many are left, at the partner's cost alone; nobody is told. */
  subsidise(variant: string, minor: number, pieces: number): void
  ship(partnerOrder: string, waybill: string): Promise<void>
  /** What the seller does by himself. */
  giveBack(partnerOrder: string): Promise<void>
  /** Answers nothing until set to false. */
  down: boolean
  /** The mutation that is done while its answer is lost. */
  unanswered: string | null
}

/** The only region that this shop does not deliver to. */
const NOWHERE = '71'
const PAID_FOR: readonly OrderState[] = ['PAID', 'SHIPPED', 'COMPLETED']
const AT = '2026-11-11T12:00:00.000Z'

/** Opens the shop on a bus, for the orders of one partner. */
export function aFakeShop(bus: Bus, partner: string): FakeShop {
  const orders = new Map<string, FakeOrder>()
  const goods = new Map<string, FakeGood>()
  /** Parts of orders' money that were given back, by their keys. */
  const parts = new Map<string, number>()
  let told = 0

  const tell = (topic: string, kind: string, body: object): Promise<void> => {
    told += 1
    const entry = { position: `${told}-1`, body: JSON.stringify({ id: `told-${told}`, at: AT, kind, ...body }) }
    return bus.append(topic, [entry])
  }
  const good = (variant: string) => {
    const found = goods.get(variant)
    if (found === undefined) throw new Error(`no such good: ${variant}`)
    return found
  }
  /** What a subsidy takes off each of so many pieces: nothing when it does not last for all. */
  const offOf = (variant: string, quantity: number): number => {
    const { subsidy } = good(variant)
    return subsidy === null || subsidy.pieces < quantity ? 0 : subsidy.minor
  }
  const stockMoved = async (variant: string, by: number): Promise<void> => {
    const it = good(variant)
    it.available += by
    it.version += 1
    await tell('orders', 'orders.stockChanged', { variant, version: it.version, available: it.available })
  }
  const moved = async (it: FakeOrder, state: OrderState): Promise<void> => {
    it.state = state
    it.version += 1
    const line = {
      ...{ line: `OrderLine:${it.partnerOrder}`, variant: it.variant, product: 'Product:p1', quantity: it.quantity },
      ...{ left: it.quantity, leftMinor: it.totalMinor - it.refundedMinor },
      ...{ totalMinor: it.totalMinor, room: null, host: null, outlet: partner, campaignLink: null, click: null },
    }
    await tell('orders', 'orders.moved', {
      ...{ order: it.order, version: it.version, state, member: null, partner, partnerOrder: it.partnerOrder },
      ...{ totalMinor: it.totalMinor, currency: 'CNY', carrier: it.carrier, waybill: it.waybill, lines: [line] },
    } satisfies Omit<OrderMoved, 'id' | 'at' | 'kind'>)
  }
  const refused = (code: string) => ({ order: null, errors: [{ code, message: code, field: null }] })
  const answered = ({ order, state }: FakeOrder) => ({ order: { id: order, state }, errors: [] })

  const quote = (input: Readonly<Record<string, unknown>>) => {
    const [line] = input['lines'] as readonly Readonly<Record<string, unknown>>[] // our own connector's form
    const variant = String(line?.['variantId'])
    const [off, list] = [offOf(variant, Number(line?.['quantity'])), good(variant).priceMinor]
    const steps = [
      { bearer: null, amount: { amountMinor: list } },
      { bearer: `partner:${partner}`, amount: { amountMinor: -off } },
    ]
    return Promise.resolve({ lines: [{ price: { current: { amountMinor: list - off }, steps } }] })
  }
  const deeds: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => Promise<object>>> = {
    partnerQuote: quote,
    async partnerPlaceOrder(input) {
      const key = String(input['partnerOrderId'])
      const known = orders.get(key)
      if (known !== undefined) {
        known.address = input['address'] ?? known.address
        return answered(known)
      }
      const [line] = input['lines'] as readonly Readonly<Record<string, unknown>>[] // our own connector's form
      const [variant, quantity] = [String(line?.['variantId']), Number(line?.['quantity'])]
      if (input['regionCode'] === NOWHERE) return refused('NOT_DELIVERED')
      const unitMinor = good(variant).priceMinor - offOf(variant, quantity)
      if (unitMinor !== line?.['unitPriceMinor']) return refused('PRICE_CHANGED')
      if (good(variant).available < quantity) return refused('STOCK_SHORT')
      const made: FakeOrder = {
        ...{ order: `Order:${key}`, partnerOrder: key, variant, quantity, address: input['address'] },
        regionCode: input['regionCode'],
        totalMinor: unitMinor * quantity,
        ...{ state: 'RESERVED', version: 0, refundedMinor: 0, carrier: null, waybill: null },
      }
      orders.set(key, made)
      const { subsidy } = good(variant)
      if (subsidy !== null && unitMinor < good(variant).priceMinor) subsidy.pieces -= quantity
      await stockMoved(variant, -quantity)
      await moved(made, 'RESERVED')
      return answered(made)
    },
    async partnerConfirm(input) {
      const it = orders.get(String(input['partnerOrderId']))
      if (it === undefined) return refused('NOT_FOUND')
      if (it.totalMinor !== input['paidMinor']) return refused('PRICE_CHANGED')
      if (it.state === 'RESERVED') await moved(it, 'PAID')
      return answered(it)
    },
    partnerCancel: (input) => back(input, 'CANCELLED', ['RESERVED']),
    partnerRefund: (input) => back(input, 'REFUNDED', PAID_FOR),
    async partnerRefundPart(input) {
      const it = orders.get(String(input['partnerOrderId']))
      const [key, amountMinor] = [String(input['idempotencyKey']), Number(input['amountMinor'])]
      if (it === undefined) return refused('NOT_FOUND')
      if (parts.has(key)) return parts.get(key) === amountMinor ? answered(it) : refused('IDEMPOTENCY_MISMATCH')
      const leftMinor = it.totalMinor - it.refundedMinor
      if (!PAID_FOR.includes(it.state) || amountMinor > leftMinor) return refused('STATE_FORBIDS')
      parts.set(key, amountMinor)
      if (amountMinor === leftMinor) return back(input, 'REFUNDED', PAID_FOR)
      it.refundedMinor += amountMinor
      await moved(it, it.state)
      return answered(it)
    },
    async partnerReceive(input) {
      const it = orders.get(String(input['partnerOrderId']))
      if (it?.state !== 'SHIPPED') return refused('STATE_FORBIDS')
      await moved(it, 'COMPLETED')
      return answered(it)
    },
  }
  const back = async (input: Readonly<Record<string, unknown>>, to: OrderState, from: readonly OrderState[]) => {
    const it = orders.get(String(input['partnerOrderId']))
    if (it === undefined) return refused('NOT_FOUND')
    if (it.state === to) return answered(it)
    if (!from.includes(it.state)) return refused('STATE_FORBIDS')
    if (to === 'REFUNDED') it.refundedMinor = it.totalMinor
    await stockMoved(it.variant, it.quantity)
    await moved(it, to)
    return answered(it)
  }

  const shop: FakeShop = {
    ...{ orders, asked: [], down: false, unanswered: null },
    async ask({ query, variables }): Promise<Reply> {
      const name = /\{ (\w+)\(/.exec(query)?.[1] ?? ''
      if (query.startsWith('mutation')) shop.asked.push(name)
      const nothing = { data: null, errors: [{ message: 'down', code: 'SUBGRAPH_UNAVAILABLE' }] }
      if (shop.down) return nothing
      const answer = await deeds[name]?.(fields(variables?.['input'], 'input'))
      if (shop.unanswered === name) return nothing
      return { data: { [name]: answer }, errors: [] }
    },
    async sell(variant, { product, title, priceMinor, available }) {
      goods.set(variant, { priceMinor, available, version: 1, subsidy: null })
      const ours = { product, version: 1, seller: 'shop', selfOperated: true, title }
      await tell('catalog', 'catalog.productChanged', { ...ours, handle: 'shirt', published: true })
      await tell('catalog', 'catalog.variantFed', {
        ...{ ...ours, variant, currency: 'CNY', priceMinor, compareAtMinor: null, quantity: available },
        ...{ sku: null, image: null },
      })
      const price = { variant, version: 1, listMinor: priceMinor, compareAtMinor: null, currency: 'CNY' }
      await tell('orders', 'orders.priceChanged', price)
      await tell('orders', 'orders.stockChanged', { variant, version: 1, available })
    },
    stockOf: (variant) => good(variant).available,
    async setPrice(variant, minor) {
      const it = good(variant)
      it.priceMinor = minor
      it.version += 1
      const price = { variant, version: it.version, listMinor: minor, compareAtMinor: null, currency: 'CNY' }
      await tell('orders', 'orders.priceChanged', price)
    },
    subsidise: (variant, minor, pieces) => void (good(variant).subsidy = { minor, pieces }),
    async ship(partnerOrder, waybill) {
      const it = orders.get(partnerOrder)
      if (it?.state !== 'PAID') throw new Error(`${partnerOrder} cannot be shipped`)
      it.carrier = 'SF'
      it.waybill = waybill
      await moved(it, 'SHIPPED')
    },
    async giveBack(partnerOrder) {
      await deeds['partnerRefund']?.({ partnerOrderId: partnerOrder })
    },
  }
  return shop
}
