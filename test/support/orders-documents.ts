import { VARIANT } from './a-shop.js'

const AT = '2026-11-11T12:00:00Z'
/** A variant that the catalog tells of. */
export const FED = {
  ...{ id: 'fed', at: AT, kind: 'catalog.variantFed', product: 'Product:p1', variant: VARIANT, version: 1 },
  ...{ currency: 'CNY', priceMinor: 1000, compareAtMinor: 1500, quantity: 50, title: 'A shirt', sku: null },
  ...{ seller: 'shop', selfOperated: true, image: 'https://shop.test/a.png' },
}
/** A merchant who acts for a seller. */
export const BOUND = {
  ...{ id: 'bound', at: AT, kind: 'members.merchantBound', member: 'Member:shop', version: 1, sellers: ['shop'] },
}
/** A room that is live. */
export const ROOM = {
  ...{ id: 'room', at: AT, kind: 'rooms.roomChanged', room: 'Room:r1', version: 1, state: 'LIVE' },
  ...{ host: 'Member:host', title: 'A room' },
}
/** A question of the orders' tests. */
export const ENTITY =
  'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { price { current { amountMinor } } } } }'
/** A question of the orders' tests. */
export const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { total { amountMinor } lines { available price { steps {
  kind label amount { amountMinor } bearer } } } } }`
/** A question of the orders' tests. */
export const PARTNER_QUOTE =
  'query ($input: PartnerQuoteInput!) { partnerQuote(input: $input) { delivery { warehouse leavesBy arrivesBy } } }'
/** A question of the orders' tests. */
export const OPEN_SALE = 'mutation ($input: OpenFlashSaleInput!) { openFlashSale(input: $input) { flashSale { id } } }'
/** A question of the orders' tests. */
export const LEFT_FOR =
  'query ($members: [ID!]!, $ids: [ID!]!) { left: flashSalesLeftFor(members: $members, ids: $ids) }'
/** A question of the orders' tests. */
export const MY_ORDERS = `query ($after: String) { orders(first: 2, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }`
/** A question of the orders' tests. */
export const PARTNER_ORDER = `query ($id: String!) { partnerOrder(partnerOrderId: $id) { id state partner partnerOrder waybill carrier
  total { amountMinor currency } lines { id quantity steps { label bearer kind } origin { outlet partner } } refunds { id reason } } }`

/** Where a page ends. */
export interface PageInfo {
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}
