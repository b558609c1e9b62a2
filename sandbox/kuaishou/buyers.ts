import { refusals } from './answers.js'
import { askDeduct } from './deduct.js'
import { findOrder } from './find.js'
import { endReview } from './orders.js'
import { move, told } from './order-moves.js'
import { askRefund, mayAskRefund, partOf, type RefundWish } from './refunds.js'
import { subsidised } from './subsidies.js'
import { nextId, nowOf, type Address, type Order, type World } from './world.js'

/** Whom goods go to; invented people in real places. */
const PLACES: readonly (readonly [number, string, string, string, string])[] = [
  [330106, '浙江省', '杭州市', '西湖区', '文新街道'],
  [510107, '四川省', '成都市', '武侯区', '玉林街道'],
  [220104, '吉林省', '长春市', '朝阳区', '红旗街道'],
  [440106, '广东省', '广州市', '天河区', '石牌街道'],
]
const NAMES = ['沈一', '陆二', '顾三', '江四', '白五', '苏六'] as const

/** What a buyer wants. */
export interface Wish {
  readonly skuId: string
  readonly num: number
  readonly buyer?: string
}

/** What buyers do in the app. */
export interface Buyers {
  /** Orders, unpaid; null when the merchant or the stock said no. */
  order(wish: Wish): Promise<Order | null>
  /** Pays; by fault the order is then under review or marked as risky. */
  pay(oid: string): Order
  /** Orders and pays. */
  buy(wish: Wish): Promise<Order | null>
  cancel(oid: string): void
  /** Wants the parcel elsewhere, before it was sent. */
  move(oid: string): void
  /** Wants money back: so much, or all that is left; gives the number of the refund. */
  refund(oid: string, wish?: Partial<RefundWish>): string
  /** The parcel has come, and the buyer is content. */
  receive(oid: string): void
}

/** Buyers of this world; `deductUrl` is asked at the moment of buying when the merchant has one. */
export function buyersOf(world: World, deductUrl: () => string | null): Buyers {
  return { order, pay, buy, cancel, move: moveHouse, refund, receive }

  async function order({ skuId, num, buyer }: Wish): Promise<Order | null> {
    const item = world.memory.items.find((one) => one.onShelf && one.skus.some((sku) => sku.skuId === skuId))
    const sku = item?.skus.find((one) => one.skuId === skuId)
    if (item === undefined || sku === undefined || sku.stock < num) return null
    // Taken from the shown stock first, or two buyers of the last piece would both be asked about.
    sku.stock -= num
    const [oid, address, priceFen] = [nextId(world), addressOf(world), sku.priceFen]
    const url = deductUrl()
    if (url !== null && !(await askDeduct(world, url, { oid, sku, num, address }))) {
      sku.stock += num
      return null
    }
    const now = nowOf(world)
    const discountFen = subsidised(world, sku, num)
    const made: Order = {
      ...{ oid, status: 10, itemId: item.itemId, skuId, num, priceFen, discountFen, address },
      totalFen: priceFen * num - discountFen,
      ...{ buyer: buyer ?? `buyer-${oid}`, createTime: now, updateTime: now },
      ...{ payTime: 0, sendTime: 0, recvTime: 0, refundTime: 0, refundedFen: 0 },
      ...{ riskCode: 0, disableDelivery: [], expressNo: '', expressCode: '' },
    }
    world.memory.orders.push(made)
    world.tell('kwaishop_order_addOrder', oid, addInfo(world, made))
    return made
  }

  function pay(oid: string): Order {
    const paid = findOrder(world, oid)
    if (world.faults.happens('risk')) paid.riskCode = 10_001
    if (world.faults.happens('review')) paid.disableDelivery = [2]
    move(world, oid, 'pay')
    if (paid.disableDelivery.length > 0) world.clock.after(3_000, () => endReview(world, oid))
    return paid
  }

  async function buy(wish: Wish): Promise<Order | null> {
    const made = await order(wish)
    return made === null ? null : pay(made.oid)
  }

  function cancel(oid: string): void {
    move(world, oid, 'fail')
  }

  function moveHouse(oid: string): void {
    const moved = findOrder(world, oid)
    if (moved.status !== 10 && moved.status !== 30) throw refusals.stateForbids()
    moved.address = { ...addressOf(world), mobile: '19912345678' }
    told(world, moved, 'kwaishop_order_addressUpdateAudit')
  }

  function refund(oid: string, wish: Partial<RefundWish> = {}): string {
    return askRefund(world, oid, { handlingWay: 10, reason: '不想要了', ...wish }).refundId
  }

  function receive(oid: string): void {
    const signed = move(world, oid, 'sign')
    if (!mayAskRefund(world, signed) || !world.faults.happens('late-refund')) move(world, oid, 'succeed')
    else if (world.faults.happens('part-refund')) refund(oid, { reason: '质量问题', fen: partOf(world, signed) })
    else refund(oid, { reason: '质量问题' })
  }
}

function addInfo({ seller }: World, order: Order): Readonly<Record<string, unknown>> {
  return {
    ...{ oid: BigInt(order.oid), sellerId: seller.sellerId, createTime: order.createTime, customizedInfo: '' },
    ...{ openId: seller.openId, buyerOpenId: order.buyer },
  }
}

function addressOf({ chance }: World): Address {
  const [districtCode, province, city, district, town] = pick(PLACES, chance.fraction())
  return {
    ...{ districtCode, province, city, district, town, detail: `花园路${1 + Math.floor(chance.fraction() * 99)}号` },
    consignee: pick(NAMES, chance.fraction()),
    mobile: `1990000${String(Math.floor(chance.fraction() * 10_000)).padStart(4, '0')}`,
  }
}

function pick<T>(from: readonly T[], fraction: number): T {
  const found = from[Math.floor(fraction * from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}
