import type { Generated } from 'kysely'
import type { OrderState } from '../../../../schema/events/orders.js'
import type { PartnerState } from '../domain/partner-order.js'
import type { RefundState } from '../domain/partner-refund.js'

/** What our shop tells of a variant: copies, each column group with the version it was told under. */
export interface GoodTable {
  variant: string
  product: string
  title: string
  self_operated: boolean
  currency: string
  fed_version: number
  list_minor: number | null
  price_version: number
  available: number | null
  stock_version: number
}

/** Whether a product may be seen at all. */
export interface ProductTable {
  product: string
  version: number
  title: string
  published: boolean
}

/** A product as an item of the partner. `rel_item` is our number for it there: numbers are all that it takes. */
export interface ItemTable {
  product: string
  rel_item: Generated<number>
  kwai_item: string | null
}

/** A variant as a SKU of that item. */
export interface ListingTable {
  key: string
  variant: string
  product: string
  rel_sku: Generated<number>
  wanted: boolean
  kwai_sku: string | null
  /** What the partner shows, and what of it the partner takes off for its buyer at its own cost. */
  told_price_minor: number | null
  told_subsidy_minor: Generated<number>
  told_stock: number | null
  refused: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** An order of the partner's: what it told, and what our shop did. */
export interface PartnerOrderTable {
  oid: string
  seen_version: number
  known_version: number
  /** Something was told of it that bears no version: it is to be read, whatever is known. */
  doubted: boolean
  state: PartnerState | null
  rel_sku: string | null
  quantity: number
  unit_price_minor: number
  total_minor: number
  paid_at: Date | null
  risky: boolean
  held: boolean
  /** The pieces of the address as the partner sealed them; nobody can read them without asking it. */
  sealed: string | null
  /** The address in clear, encrypted by us. */
  address: Uint8Array | null
  addressed: boolean
  /** Whether our shop has that address. */
  address_told: boolean
  shop_order: string | null
  shop_state: OrderState | null
  refused: string | null
  carrier: string | null
  waybill: string | null
}

/** A refund that a buyer asked for at the partner's. */
export interface RefundTable {
  refund_id: string
  oid: string
  seen_version: number
  known_version: number
  state: RefundState | null
  status: number
  negotiation: number
  with_return: boolean
  amount_minor: number
  /** What our shop gave back for it. */
  given_minor: Generated<number>
  refused: string | null
}

/** The number of a place by its names from the province down, as an order of the partner told it. */
export interface PlaceTable {
  path: string
  code: string
}

/** The one grant that we hold; tokens are encrypted by us. */
export interface TokenTable {
  app_key: string
  access: Uint8Array
  refresh: Uint8Array
  access_until: Date
  refresh_until: Date
  refreshing_until: Date | null
}

/** The tables of this connector beside those of the kit. */
export interface KuaishouTables {
  good: GoodTable
  product: ProductTable
  item: ItemTable
  listing: ListingTable
  partner_order: PartnerOrderTable
  refund: RefundTable
  known_place: PlaceTable
  token: TokenTable
}

/** The connector's schema in the database. */
export const SCHEMA = 'kuaishou'
