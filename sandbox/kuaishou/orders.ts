import { refusals } from './answers.js'
import { findItem, findOrder, findSku, isOrder } from './find.js'
import { move, told } from './order-moves.js'
import type { Param } from './read-param.js'
import { seal, unseal } from './sealed-text.js'
import { pageOf, readSpan } from './spans.js'
import { nowOf, type Order, type OrderStatus, type World } from './world.js'

/** Which statuses the views of `open.order.cursor.list` show: 1 all, 2 to pay, 3 to send, 4 to receive, 5 received, 6 success, 7 closed. */
const VIEWS: readonly (readonly OrderStatus[])[] = [[], [10, 30, 40, 50, 70, 80], [10], [30], [40], [50], [70], [80]]

/** `open.order.cursor.list`: at most 50 of a span of at most seven days, by time of creation (1) or of change (2). */
export function listOrders(world: World, param: Param): unknown {
  const pageSize = param.whole('pageSize', 1, 50)
  const shown = VIEWS[param.whole('orderViewStatus', 1, 7)] ?? []
  const byChange = param.whole('queryType', 1, 2) === 2
  const { begin, end } = readSpan(world, param, { days: 7, codes: { order: 300003, long: 300019, old: 300005 } })
  const timeOf = (order: Order): number => (byChange ? order.updateTime : order.createTime)
  const rows = world.memory.orders
    .filter((order) => timeOf(order) >= begin && timeOf(order) <= end && shown.includes(order.status))
    .map((order) => ({ id: order.oid, time: timeOf(order), order }))
  const { page, cursor } = pageOf(rows, param.optionalText('cursor'), pageSize)
  const orderList = page.map(({ order }) => orderView(world, order))
  return { pageSize, beginTime: begin, endTime: end, cursor, orderList }
}

/** `open.order.detail`. */
export function getOrder(world: World, param: Param): unknown {
  return orderView(world, findOrder(world, param.id('oid')))
}

/** `open.seller.order.goods.deliver`: forbidden while a review runs. */
export function deliver(world: World, param: Param): unknown {
  const order = findOrder(world, param.id('orderId'))
  if (order.disableDelivery.length > 0) throw refusals.stateForbids()
  const [expressNo, expressCode] = [param.text('expressNo'), param.whole('expressCode', 1, 100_000)]
  move(world, order.oid, 'deliver')
  order.expressNo = expressNo
  order.expressCode = expressCode.toString()
  return true
}

/** `open.seller.order.close`: the seller gives the order up; a paid buyer gets everything back. */
export function closeOrder(world: World, param: Param): unknown {
  move(world, param.id('oid'), 'fail')
  return true
}

/** `open.order.decrypt.batch`: at most 50 pieces, each answered for itself. */
export function decryptBatch(world: World, param: Param): unknown {
  const pieces = param.all('batchDecryptList', (piece) => ({
    bizId: piece.id('bizId'),
    sealed: piece.text('encryptedData'),
  }))
  if (pieces.length > 50) throw refusals.parameter('batchDecryptList is over 50')
  return pieces.map(({ bizId, sealed }) => {
    const plain = unseal(world.app, sealed)
    const good = plain !== null && isOrder(world, bizId)
    return {
      ...{ bizId: BigInt(bizId), encryptedData: sealed, decryptedData: good ? plain : null },
      ...{ errorCode: good ? 1 : 21, errorMsg: good ? 'success' : 'decrypt failed' },
    }
  })
}

/** Ends the review of an order: it may be shipped now, and the platform says that it changed. */
export function endReview(world: World, oid: string): void {
  const order = findOrder(world, oid)
  order.disableDelivery = []
  told(world, order, 'kwaishop_order_addNote')
}

/** An order as the platform shows it, the buyer's address only sealed. */
export function orderView(world: World, order: Order): unknown {
  const item = findItem(world, order.itemId)
  const sku = findSku(world, order.skuId)
  return {
    orderBaseInfo: {
      ...{ oid: BigInt(order.oid), status: order.status, buyerOpenId: order.buyer, buyerNick: '**' },
      ...{ sellerOpenId: world.seller.sellerOpenId, sellerNick: world.seller.nick },
      ...{
        totalFee: order.totalFen,
        expressFee: 0,
        discountFee: order.discountFen ?? 0,
        payType: order.payTime === 0 ? 0 : 1,
      },
      ...{ createTime: order.createTime, updateTime: order.updateTime, payTime: order.payTime },
      ...{ sendTime: order.sendTime, recvTime: order.recvTime, refundTime: order.refundTime },
      ...{ promiseTimeStampOfDelivery: order.createTime + 172_800_000, remark: '', cpsType: 0, preSale: 0 },
      ...{ riskCode: order.riskCode, disableDeliveryReasonCode: order.disableDelivery, allActivityType: [] },
    },
    orderItemInfo: {
      ...{ itemId: BigInt(order.itemId), relItemId: BigInt(item.relItemId), itemTitle: item.title },
      ...{ skuId: BigInt(order.skuId), relSkuId: BigInt(sku.relSkuId), num: order.num },
      ...{ originalPrice: order.priceFen, price: order.totalFen / order.num, discountFee: order.discountFen ?? 0 },
      ...{ goodsCode: '', warehouseCode: '' },
    },
    orderRefundList: world.memory.refunds
      .filter((refund) => refund.oid === order.oid)
      .map((refund) => ({ refundId: BigInt(refund.refundId), refundStatus: refund.status })),
    orderLogisticsInfo:
      order.expressNo === '' ? [] : [{ expressNo: order.expressNo, expressCode: Number(order.expressCode) }],
    orderNote: { orderNoteInfo: [] },
    orderAddress: addressView(world, order),
    orderStepInfo: null,
    orderCpsInfo: { distributorId: 0, distributorName: '' },
    orderDeliveryInfo: { deliveryNum: order.sendTime === 0 ? 0 : order.num },
    subOrderInfo: [],
  }
}

function addressView({ app }: World, { address, status }: Order): unknown {
  if (status === 80) return null
  return {
    ...{ province: address.province, city: address.city, district: address.district, town: address.town },
    ...{ provinceCode: address.districtCode - (address.districtCode % 10_000), districtCode: address.districtCode },
    encryptedConsignee: seal(app, address.consignee),
    encryptedMobile: seal(app, address.mobile),
    encryptedAddress: seal(app, address.detail),
    desensitiseConsignee: `${address.consignee.slice(0, 1)}**`,
    desensitiseMobile: `${address.mobile.slice(0, 3)}****${address.mobile.slice(-4)}`,
    desensitiseAddress: '****',
  }
}

/** Orders nobody paid within half an hour fail by themselves. */
export function failUnpaid(world: World): void {
  const late = nowOf(world) - 30 * 60_000
  for (const order of world.memory.orders)
    if (order.status === 10 && order.createTime < late) move(world, order.oid, 'fail')
}
