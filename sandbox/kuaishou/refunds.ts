import { refusals } from './answers.js'
import { findOrder, findRefund } from './find.js'
import { move, told } from './order-moves.js'
import type { Param } from './read-param.js'
import { pageOf, readSpan } from './spans.js'
import { nextId, nowOf, touch, type Order, type Refund, type RefundStatus, type World } from './world.js'

const DONE: readonly RefundStatus[] = [60, 70]

/** What a buyer wants back, and how; without an amount it is all that is left. */
export interface RefundWish extends Pick<Refund, 'handlingWay' | 'reason'> {
  readonly fen?: number
}

/** Whether the buyer of an order can ask for money now: one refund at a time, while something is left of what was paid. */
export function mayAskRefund({ memory }: World, order: Order): boolean {
  const open = memory.refunds.some((refund) => refund.oid === order.oid && !DONE.includes(refund.status))
  return !open && order.status !== 10 && order.status !== 80 && leftFen(order) > 0
}

/** So much as a buyer may want back who keeps what he has: an odd part of what is left, so that no fen can hide. */
export function partOf({ chance }: World, order: Order): number {
  return Math.floor(chance.fraction() * (leftFen(order) - 1)) | 1
}

/** A buyer asks for money back: money only, or for sending the goods back. */
export function askRefund(world: World, oid: string, { handlingWay, reason, fen }: RefundWish): Refund {
  const order = findOrder(world, oid)
  const asked = fen ?? leftFen(order)
  if (!mayAskRefund(world, order)) throw refusals.refund(300010, '当前状态不允许操作')
  if (asked < 1 || asked > leftFen(order)) throw refusals.refund(300010, '退款金额不一致')
  const now = nowOf(world)
  const refund: Refund = {
    ...{ refundId: nextId(world), oid, fen: asked, handlingWay, reason },
    ...{ status: 10, negotiateStatus: 0, createTime: now, updateTime: now },
  }
  world.memory.refunds.push(refund)
  say(world, refund, 'kwaishop_aftersales_addRefund')
  return refund
}

/** `open.seller.order.refund.pcursor.list`: 8 pending or 9 all, spans of at most a day. */
export function listRefunds(world: World, param: Param): unknown {
  const pending = param.whole('type', 8, 9) === 8
  const pageSize = param.whole('pageSize', 1, 100)
  const { begin, end } = readSpan(world, param, { days: 1, codes: { order: 300003, long: 300019, old: 300005 } })
  const rows = world.memory.refunds
    .filter((refund) => !pending || !DONE.includes(refund.status))
    .map((refund) => ({ id: refund.refundId, time: refund.updateTime, refund }))
    .filter(({ time }) => time >= begin && time <= end)
  const { page, cursor } = pageOf(rows, param.optionalText('pcursor'), pageSize)
  return { pcursor: cursor, refundOrderInfoList: page.map(({ refund }) => refundView(world, refund)) }
}

/** `open.seller.order.refund.detail`. */
export function getRefund(world: World, param: Param): unknown {
  return refundView(world, findRefund(world, param.id('refundId')))
}

/** `open.seller.order.refund.approve`: gives the money back, when the refund still is as the caller saw it. */
export function approveRefund(world: World, param: Param): unknown {
  const refund = findRefund(world, param.id('refundId'))
  const seen = { status: param.whole('status', 0, 99), negotiate: param.optionalWhole('negotiateStatus', 0, 99) ?? 0 }
  if (DONE.includes(refund.status)) throw refusals.refund(300010, '当前状态不允许操作')
  if (world.faults.happens('race')) negotiate(world, refund)
  if (refund.status !== seen.status) throw refusals.refund(300014, '退款单状态已变更，请刷新后重试')
  if (refund.negotiateStatus !== seen.negotiate) throw refusals.refund(300014, '退款单状态已变更，请刷新后重试')
  if (param.whole('refundAmount', 1, 100_000_000) !== refund.fen) throw refusals.refund(300010, '退款金额不一致')
  payBack(world, refund)
  return true
}

/** `open.seller.order.refund.returngoods.approve`: the goods may come back. */
export function approveReturn(world: World, param: Param): unknown {
  return step(world, param, { from: [10], to: 30 })
}

/** `open.seller.order.refund.confirm.receipt`: the goods are back, the money goes too. */
export function confirmReceipt(world: World, param: Param): unknown {
  const refund = findRefund(world, param.id('refundId'))
  if (refund.status !== 30 && refund.status !== 40) throw refusals.refund(300010, '当前状态不允许操作')
  payBack(world, refund)
  return true
}

const REASONS = [
  { reasonCode: 101, reasonDesc: '商品已发出' },
  { reasonCode: 102, reasonDesc: '与买家协商一致' },
] as const

/** `open.refund.reject.reason`: what a refund may be rejected for. */
export function rejectReasons(world: World, param: Param): unknown {
  findRefund(world, param.id('refundId'))
  return REASONS
}

/** `open.refund.reject`, with one of the reasons. */
export function rejectRefund(world: World, param: Param): unknown {
  const code = param.whole('reasonCode', 0, 1_000)
  if (!REASONS.some(({ reasonCode }) => reasonCode === code)) throw refusals.parameter('reasonCode')
  return step(world, param, { from: [10, 30, 40], to: 70 })
}

function step(world: World, param: Param, { from, to }: { from: readonly RefundStatus[]; to: RefundStatus }): unknown {
  const refund = findRefund(world, param.id('refundId'))
  if (!from.includes(refund.status)) throw refusals.refund(300010, '当前状态不允许操作')
  refund.status = to
  say(world, refund, 'kwaishop_aftersales_updateRefund')
  return true
}

/**
 * Money back: all that is left before shipping fails the order; a part, or anything afterwards, leaves it on its way and only the sum
 * given back grows. A buyer who has a part after the goods arrived is content with the rest.
 */
function payBack(world: World, refund: Refund): void {
  const order = findOrder(world, refund.oid)
  refund.status = 60
  say(world, refund, 'kwaishop_aftersales_updateRefund')
  if (order.status === 80) return // it gave all back when it failed
  if (order.status === 30 && refund.fen === leftFen(order)) {
    move(world, order.oid, 'fail')
    return
  }
  order.refundedFen += refund.fen
  order.refundTime = nowOf(world)
  told(world, order, 'kwaishop_order_totalFeeChange')
  if (order.status === 50 && leftFen(order) > 0) move(world, order.oid, 'succeed')
}

function leftFen({ totalFen, refundedFen }: Order): number {
  return totalFen - refundedFen
}

/** Buyer and service talk: nothing of the outcome changes, but whoever looked before has seen an older state. */
function negotiate(world: World, refund: Refund): void {
  refund.negotiateStatus += 1
  say(world, refund, 'kwaishop_aftersales_updateRefund')
}

function say(world: World, refund: Refund, event: string): void {
  const updateTime = touch(world, refund)
  world.tell(event, refund.refundId, {
    ...{ refundId: BigInt(refund.refundId), oid: BigInt(refund.oid), sellerId: world.seller.sellerId },
    ...{ status: refund.status, updateTime },
  })
}

function refundView(world: World, refund: Refund): unknown {
  return {
    ...{ refundId: BigInt(refund.refundId), oid: BigInt(refund.oid), sellerId: world.seller.sellerId },
    ...{ refundFee: refund.fen, status: refund.status, negotiateStatus: refund.negotiateStatus },
    ...{ handlingWay: refund.handlingWay, refundReasonDesc: refund.reason },
    ...{ createTime: refund.createTime, updateTime: refund.updateTime, expireTime: refund.createTime + 172_800_000 },
  }
}
