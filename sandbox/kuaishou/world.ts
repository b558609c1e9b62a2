import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Faults } from './faults.js'

/** An app of the platform: three secrets, each for its own purpose. */
export interface App {
  readonly appKey: string
  /** For OAuth only. */
  readonly appSecret: string
  /** For signatures only; never sent. */
  readonly signSecret: string
  /** Base64 of the AES key of the app's messages. */
  readonly messageKey: string
}

/** The one seller of this sandbox, under the three names that the platform gives one seller. */
export interface Seller {
  /** Of tokens. */
  readonly openId: string
  /** Of orders. */
  readonly sellerOpenId: string
  /** Of refunds and messages. */
  readonly sellerId: number
  readonly nick: string
}

/** One kind of an item; `relSkuId` is the merchant's own number of it. */
export interface Sku {
  readonly skuId: string
  readonly relSkuId: string
  nick: string
  priceFen: number
  stock: number
}

/** What the merchant shows. */
export interface Item {
  readonly itemId: string
  readonly relItemId: string
  title: string
  onShelf: boolean
  /** The platform took it down: the merchant cannot show it. */
  banned?: boolean
  skus: Sku[]
  readonly createTime: number
  updateTime: number
}

/** A buyer's address, as the platform knows it; only encrypted pieces of it leave the sandbox. */
export interface Address {
  /** Of the district, six digits of the national list. */
  readonly districtCode: number
  readonly province: string
  readonly city: string
  readonly district: string
  readonly town: string
  readonly detail: string
  readonly consignee: string
  readonly mobile: string
}

/** 10 to pay, 30 paid, 40 sent, 50 signed, 70 success, 80 failed. */
export type OrderStatus = 10 | 30 | 40 | 50 | 70 | 80

/** What a buyer bought: always one SKU. */
export interface Order {
  readonly oid: string
  status: OrderStatus
  readonly itemId: string
  readonly skuId: string
  readonly num: number
  readonly priceFen: number
  /** What the platform takes off at its own cost, of all pieces; none is written as nothing. */
  readonly discountFen?: number
  readonly totalFen: number
  readonly buyer: string
  address: Address
  readonly createTime: number
  updateTime: number
  payTime: number
  sendTime: number
  recvTime: number
  refundTime: number
  /** What the buyer has been given back. */
  refundedFen: number
  riskCode: number
  disableDelivery: number[]
  expressNo: string
  expressCode: string
}

/** 10 asked for, 30 goods to be sent back, 40 sent back, 60 success, 70 failed. */
export type RefundStatus = 10 | 30 | 40 | 60 | 70

/** What a buyer wants back. */
export interface Refund {
  readonly refundId: string
  readonly oid: string
  readonly fen: number
  /** 1 goods and money back, 10 money back only. */
  readonly handlingWay: 1 | 10
  status: RefundStatus
  negotiateStatus: number
  readonly createTime: number
  updateTime: number
  reason: string
}

/** What the platform takes off a piece of a SKU at its own cost, while its money for that lasts. */
export interface Subsidy {
  readonly relSkuId: string
  readonly fen: number
  leftFen: number
}

/** Tokens given to the app. */
export interface Grant {
  readonly accessToken: string
  readonly refreshToken: string
  readonly accessUntil: number
  /** Moved to five minutes from now when the token has been used. */
  refreshUntil: number
}

/** All that the sandbox remembers; plain data, so that it can be written to a file. */
export interface Memory {
  lastId: string
  items: Item[]
  orders: Order[]
  refunds: Refund[]
  subsidies: Subsidy[]
  codes: { readonly code: string; readonly until: number }[]
  grants: Grant[]
  revoked: boolean
}

/** What every part of the sandbox stands on. `tell` sends a message of the platform. */
export interface World {
  readonly app: App
  readonly seller: Seller
  readonly clock: Clock
  readonly chance: Chance
  readonly faults: Faults
  readonly memory: Memory
  tell(event: string, bizId: string, info: Readonly<Record<string, unknown>>): void
}

/** A platform on its first day. */
export function emptyMemory(): Memory {
  // The first id is beyond 2^53: whoever reads ids as doubles is found out at once.
  return {
    ...{ lastId: '20156002562098000', items: [], orders: [], refunds: [], subsidies: [] },
    ...{ codes: [], grants: [], revoked: false },
  }
}

/** Now, as the platform writes times: milliseconds since 1970. */
export function nowOf(world: World): number {
  return world.clock.now().getTime()
}

/** Ids are whole numbers that grow by uneven steps. */
export function nextId({ memory, chance }: World): string {
  memory.lastId = (BigInt(memory.lastId) + 1n + BigInt(Math.floor(chance.fraction() * 900))).toString()
  return memory.lastId
}

/** Every change of a thing gets a later time than the one before: it orders the changes. */
export function touch(world: World, thing: { updateTime: number }): number {
  thing.updateTime = Math.max(nowOf(world), thing.updateTime + 1)
  return thing.updateTime
}
