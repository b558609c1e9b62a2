import { findItem } from './find.js'
import type { Param } from './read-param.js'
import { pageOf, readSpan } from './spans.js'
import type { Order, World } from './world.js'

/** Per mille of the price; one rate for all, and the one that the shop's own settings begin with. */
const RATE = 50
const STATUS: ReadonlyMap<number, number> = new Map([
  [30, 30],
  [40, 30],
  [50, 50],
  [70, 60],
  [80, 80],
])

/** `open.distribution.cps.kwaimoney.link.create`: a promotion link; `comments` come back with the orders. */
export function newLink(world: World, param: Param): unknown {
  const code = world.chance.uuid().slice(0, 8)
  return { linkUrl: `https://sandbox.invalid/${code}`, linkCode: code, comments: param.optionalText('comments') }
}

/** `open.distribution.cps.kwaimoney.order.list` and `…distributor.order.cursor.list`: rows of commission, at most 100. */
export function listCommissions(world: World, param: Param): unknown {
  const status = param.whole('cpsOrderStatus', 0, 80)
  const byCreation = param.optionalWhole('queryType', 1, 2) === 1
  const { begin, end } = readSpan(world, param, { days: 7, codes: { order: 300003, long: 300019, old: 300005 } })
  const rows = world.memory.orders
    .filter((order) => order.payTime > 0 && (status === 0 || statusOf(order) === status))
    .map((order) => ({ id: order.oid, time: byCreation ? order.createTime : order.updateTime, order }))
    .filter(({ time }) => time >= begin && time <= end)
  const { page, cursor } = pageOf(rows, param.optionalText('pcursor'), param.whole('pageSize', 1, 100))
  return { pcursor: cursor, orderList: page.map(({ order }) => commissionView(world, order)) }
}

/** An order all of whose money went back earns nobody anything, wherever its parcel is. */
function statusOf(order: Order): number {
  return order.refundedFen === order.totalFen ? 80 : (STATUS.get(order.status) ?? 30)
}

/** What is earned by an order: each part of its money that goes back takes the same part of it along, in whole fen. */
function incomeOf({ memory }: World, { oid, totalFen }: Order): number {
  let [leftFen, income] = [totalFen, Math.floor((totalFen * RATE) / 1000)]
  for (const { fen } of memory.refunds.filter((refund) => refund.oid === oid && refund.status === 60)) {
    income -= Math.floor((income * fen) / leftFen)
    leftFen -= fen
  }
  return income
}

function commissionView(world: World, order: Order): unknown {
  const item = findItem(world, order.itemId)
  const settled = statusOf(order) === 60 && !world.faults.happens('calculating')
  return {
    ...{ oid: BigInt(order.oid), cpsOrderStatus: statusOf(order) },
    ...{ orderCreateTime: order.createTime, payTime: order.payTime, orderTradeAmount: order.totalFen },
    ...{ settlementAmount: settled ? incomeOf(world, order) : 0, baseAmount: order.totalFen },
    ...{ settlementSuccessTime: settled ? order.updateTime : 0, shareRateStr: settled ? '5.00%' : '计算中' },
    products: [
      {
        ...{ oid: BigInt(order.oid), itemId: BigInt(item.itemId), itemPrice: order.priceFen, num: order.num },
        ...{ estimatedIncome: incomeOf(world, order), commissionRate: RATE },
        ...{ paymentFee: order.totalFen, cpsType: 3, sellerId: world.seller.sellerId, techServiceAmount: 0 },
      },
    ],
  }
}
