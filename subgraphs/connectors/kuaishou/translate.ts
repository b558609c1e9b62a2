import { fields, json, list, maybe, misread, text, whole } from '../../../platform/decode.js'
import { provinceCode } from './domain/provinces.js'
import { parseExact } from '../../../platform/exact-json.js'
import type { Fact } from '../connector.js'
import { fen, id } from './decode-answers.js'
import type { PartnerState } from './domain/partner-order.js'
import type { RefundState } from './domain/partner-refund.js'
import type { OrderContent } from './store/partner-orders.js'
import type { RefundContent } from './store/refunds.js'

/** Kuaishou's order status: 10 to pay, 30 paid, 40 sent, 50 signed, 70 success, 80 failed. */
const ORDER_STATES: ReadonlyMap<number, PartnerState> = new Map([
  [10, 'TO_PAY'],
  [30, 'PAID'],
  [40, 'SENT'],
  [50, 'RECEIVED'],
  [70, 'COMPLETED'],
  [80, 'CLOSED'],
])

/** Kuaishou's refund status; 11, 12, 20, 21 and 22 are talks about what was asked for. */
const REFUND_STATES: ReadonlyMap<number, RefundState> = new Map([
  ...[10, 11, 12, 20, 21, 22].map((status) => [status, 'ASKED'] as const),
  [30, 'RETURNING'],
  [40, 'RETURNED'],
  [45, 'RETURNED'],
  [50, 'RETURNED'],
  [60, 'DONE'],
  [70, 'REFUSED'],
])

/** Kuaishou's `riskCode` of an order of the black industry: its advice is not to ship. */
const RISKY = 10_001

/** A message -> what it tells of: an order or a refund is of a newer version. None for a heartbeat or another kind of event. */
export function factsOfMessage(bytes: Uint8Array, appKey: string): readonly Fact[] {
  const it = fields(parsed(Buffer.from(bytes).toString('utf8')), 'message')
  if (it['event'] === undefined && it['test'] === true) return []
  if (it['appKey'] !== appKey) throw misread('message.appKey', 'our own', it['appKey'])
  const event = text(it['event'], 'message.event')
  const info = fields(parsed(text(it['info'], 'message.info')), 'message.info')
  const changed = { updateTime: it['updateTime'], ...info }
  if (event.startsWith('kwaishop_order_')) return [heardOfOrder(changed, it['createTime'])]
  if (event.startsWith('kwaishop_aftersales_')) return [heardOfRefund(changed, it['createTime'])]
  if (event.startsWith('kwaishop_item_')) return [heardOfItem(info, it['createTime'])]
  return []
}

/**
 * What a fact of ours says. Only its version counts: an order is always read from the partner before anything is done. A `vague` one says
 * no more than that something changed: not every event's words are known, and its message's time is no version of the order.
 */
export type Heard =
  | { readonly what: 'order'; readonly oid: string; readonly vague: boolean }
  | { readonly what: 'refund'; readonly refundId: string; readonly oid: string; readonly vague: boolean }
  | { readonly what: 'item'; readonly kwaiItem: string }

/** A row of the order list. */
export function factOfOrder(row: unknown): Fact {
  const base = fields(fields(row, 'order')['orderBaseInfo'], 'order.orderBaseInfo')
  return heardOfOrder(base)
}

/** A row of the refund list. */
export function factOfRefund(row: unknown): Fact {
  return heardOfRefund(fields(row, 'refund'))
}

/** An order in full, as its detail shows it. */
export function orderContent(value: unknown): OrderContent {
  const order = fields(value, 'order')
  const base = fields(order['orderBaseInfo'], 'order.base')
  const item = fields(order['orderItemInfo'], 'order.item')
  const paidAt = maybe(base['payTime'], 'order.payTime', whole) ?? 0
  return {
    oid: id(base['oid'], 'order.oid'),
    version: whole(base['updateTime'], 'order.updateTime', { least: 1 }),
    state: stateOf(ORDER_STATES, base['status'], 'order.status'),
    relSku: id(item['relSkuId'], 'order.relSkuId'),
    quantity: whole(item['num'], 'order.num', { least: 1 }),
    unitPriceMinor: fen(item['price'], 'order.price'),
    totalMinor: fen(base['totalFee'], 'order.totalFee'),
    paidAt: paidAt === 0 ? null : new Date(paidAt),
    risky: base['riskCode'] === RISKY,
    held:
      (maybe(base['disableDeliveryReasonCode'], 'order.held', (codes, at) => list(codes, at, whole)) ?? []).length > 0,
    places: placesOf(order['orderAddress']),
    sealed: sealedAddress(order['orderAddress']),
  }
}

/** A refund in full, as its detail shows it. */
export function refundContent(value: unknown): RefundContent {
  const it = fields(value, 'refund')
  return {
    refundId: id(it['refundId'], 'refund.refundId'),
    oid: id(it['oid'], 'refund.oid'),
    version: whole(it['updateTime'], 'refund.updateTime', { least: 1 }),
    state: stateOf(REFUND_STATES, it['status'], 'refund.status'),
    status: whole(it['status'], 'refund.status'),
    negotiation: maybe(it['negotiateStatus'], 'refund.negotiateStatus', whole) ?? 0,
    withReturn: it['handlingWay'] === 1,
    amountMinor: fen(it['refundFee'], 'refund.refundFee'),
  }
}

/** A buyer's address as our shop takes it. */
export interface ShopAddress {
  readonly regionCode: string
  readonly line: string
  readonly receiver: string
  readonly phone: string
}

/** The sealed pieces of an address, and what stands beside them in clear. */
export interface SealedAddress {
  readonly regionCode: string
  readonly region: string
  readonly consignee: string
  readonly mobile: string
  readonly detail: string
}

/** Reads what `orderContent` kept of an address. */
export function readSealed(sealed: string): SealedAddress {
  const it = fields(json(sealed, 'sealed'), 'sealed')
  return {
    regionCode: text(it['regionCode'], 'sealed.regionCode'),
    region: text(it['region'], 'sealed.region', { least: 0 }),
    consignee: text(it['consignee'], 'sealed.consignee'),
    mobile: text(it['mobile'], 'sealed.mobile'),
    detail: text(it['detail'], 'sealed.detail'),
  }
}

/** What the partner asks at the moment of buying. Where the goods go it says by the names of places, and by no number. */
export interface Deduction {
  readonly oid: string
  /** The number of the province; null when it is none that we know. */
  readonly province: string | null
  /** District and city by their names from the province down: orders tell their numbers. */
  readonly paths: readonly string[]
  readonly relSku: string
  readonly quantity: number
}

/** Reads the question at the moment of buying. */
export function deduction(param: string): Deduction {
  const it = fields(parsed(param), 'deduct')
  const [province, city, district] = ['province', 'city', 'area'].map((name) => named(it, name, 'deduct'))
  return {
    oid: id(it['orderId'], 'deduct.orderId'),
    province: provinceCode(province ?? ''),
    paths: [pathOf([province, city, district]), pathOf([province, city])].filter((path) => path !== null),
    relSku: id(it['skuId'], 'deduct.skuId'),
    quantity: whole(it['number'], 'deduct.number', { least: 1, most: 10_000 }),
  }
}

/** A title as the partner takes it: at most 60 characters, and no address of a page in it. */
export function withoutLinks(title: string): string {
  const plain = title.replace(/\b(?:https?:\/\/|www\.)\S+/gi, '').replace(/\s+/g, ' ')
  return Array.from(plain.trim()).slice(0, 60).join('').trim()
}

function heardOfOrder(it: Readonly<Record<string, unknown>>, saidAt?: unknown): Fact {
  const oid = id(it['oid'], 'heard.oid')
  // A new order's message has no time of change but its time of creation.
  const { version, vague, behind } = versionOf(it['updateTime'] ?? it['createTime'], saidAt)
  return { key: `order:${oid}${behind}`, version, body: { what: 'order', oid, vague } satisfies Heard }
}

function heardOfRefund(it: Readonly<Record<string, unknown>>, saidAt?: unknown): Fact {
  const [refundId, oid] = [id(it['refundId'], 'heard.refundId'), id(it['oid'], 'heard.oid')]
  const { version, vague, behind } = versionOf(it['updateTime'], saidAt)
  return { key: `refund:${refundId}${behind}`, version, body: { what: 'refund', refundId, oid, vague } satisfies Heard }
}

/** A vague fact is kept apart from the versions: a message is made a little later than the change that it tells of. */
function versionOf(changedAt: unknown, saidAt: unknown) {
  const vague = (changedAt ?? null) === null && (saidAt ?? null) !== null
  const version = whole(vague ? saidAt : changedAt, 'heard.updateTime', { least: 1 })
  return { version, vague, behind: vague ? ':said' : '' }
}

function heardOfItem(it: Readonly<Record<string, unknown>>, saidAt: unknown): Fact {
  const kwaiItem = id(it['kwaiItemId'] ?? it['itemId'], 'heard.itemId')
  const version = whole(saidAt, 'heard.createTime', { least: 1 })
  return { key: `item:${kwaiItem}`, version, body: { what: 'item', kwaiItem } satisfies Heard }
}

/** What orders tell of places: names and the number of the district, whose first four digits are the city's. */
function placesOf(value: unknown): OrderContent['places'] {
  const it = maybe(value, 'order.address', fields)
  const code = it === null ? null : maybe(it['districtCode'], 'order.address.districtCode', id)
  if (it === null || code?.length !== 6) return []
  const [province, city, district] = ['province', 'city', 'district'].map((name) => named(it, name, 'order.address'))
  const told = [
    { path: pathOf([province, city, district]), code },
    { path: pathOf([province, city]), code: code.slice(0, 4) },
  ]
  return told.flatMap(({ path, code: number }) => (path === null ? [] : [{ path, code: number }]))
}

function pathOf(names: readonly (string | null | undefined)[]): string | null {
  return names.every((name) => (name ?? '') !== '') ? names.join(' ') : null
}

function named(it: Readonly<Record<string, unknown>>, name: string, place: string): string | null {
  return maybe(it[name], `${place}.${name}`, (word, at) => text(word, at, { least: 0 }))
}

function sealedAddress(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const it = fields(value, 'order.address')
  const words = ['province', 'city', 'district', 'town'].map((name) => named(it, name, 'order.address'))
  return JSON.stringify({
    regionCode: id(it['districtCode'] ?? it['cityCode'] ?? it['provinceCode'], 'order.address.districtCode'),
    region: words.filter((word) => word !== null && word !== '').join(' '),
    consignee: text(it['encryptedConsignee'], 'order.address.encryptedConsignee'),
    mobile: text(it['encryptedMobile'], 'order.address.encryptedMobile'),
    detail: text(it['encryptedAddress'], 'order.address.encryptedAddress'),
  } satisfies SealedAddress)
}

function stateOf<State>(states: ReadonlyMap<number, State>, value: unknown, place: string): State {
  const state = states.get(whole(value, place))
  if (state === undefined) throw misread(place, 'a status that we know', value)
  return state
}

function parsed(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw misread('message', 'JSON', text.slice(0, 20))
  }
}
