import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { payload } from '../../host/graph/payload.js'
import { cancelOrder, confirmReceipt, shipOrder } from '../flow/move-order.js'
import { payOrder } from '../flow/pay-order.js'
import { readCoupons, readKey, readLines, readRegion } from '../flow/read-request.js'
import { readTickets } from '../flow/sign-ticket.js'
import { refundOrder } from '../flow/refund-order.js'
import {
  CancelOrderInput,
  ConfirmReceiptInput,
  PayOrderInput,
  PlaceOrderInput,
  RefundOrderInput,
  ShipOrderInput,
} from './order-inputs.js'
import { ownOrder } from './order-resolver.js'
import { OrderPayload } from './order-types.js'
import type { OrdersContext } from './orders-context.js'

/** Acting on orders. Each checks the role; whose order it is, the flow checks under lock. */
@Resolver()
export class OrderMutations {
  @Mutation(() => OrderPayload, { description: 'Places an order and holds its pieces for a while. For members.' })
  placeOrder(@Arg('input', () => PlaceOrderInput) input: PlaceOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member')
      const buyer = memberOf(who)
      return flow.counter.place({
        buyer: { member: buyer, partner: null },
        idempotencyKey: readKey(input.idempotencyKey),
        partnerOrder: null,
        lines: readLines(input.lines, flow.secrets.key('link')),
        coupons: readCoupons(input.couponIds),
        tickets: readTickets(input.queueTickets, flow.secrets, buyer),
        addressId: given(input.addressId, 'addressId', idOf('Address')),
        region: given(input.regionCode, 'regionCode', readRegion),
        address: null,
        expectedTotalMinor: input.expectedTotalMinor ?? null,
      })
    })
  }

  @Mutation(() => OrderPayload, {
    description: 'Pays an order. The result may come later: watch orderMoved. For members.',
  })
  payOrder(@Arg('input', () => PayOrderInput) input: PayOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member')
      return payOrder(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        method: text(input.method, 'method', { most: 40 }),
        eCardMinor: whole(input.eCardMinor ?? 0, 'eCardMinor', { least: 0 }),
      })
    })
  }

  @Mutation(() => OrderPayload, { description: 'Gives up an order that is not paid. For its member and the shop.' })
  cancelOrder(@Arg('input', () => CancelOrderInput) input: CancelOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      return cancelOrder(flow.shop, who, { id: orderId(input), reason: given(input.reason, 'reason', reason) })
    })
  }

  @Mutation(() => OrderPayload, { description: 'A paid order has left. For merchants and operators.' })
  shipOrder(@Arg('input', () => ShipOrderInput) input: ShipOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'merchant', 'operator')
      const carrier = text(input.carrier, 'carrier', { most: 40 })
      const waybill = text(input.waybill, 'waybill', { most: 60 })
      return shipOrder(flow.shop, who, { id: orderId(input), carrier, waybill })
    })
  }

  @Mutation(() => OrderPayload, { description: 'A shipped order has arrived. For its member and the shop.' })
  confirmReceipt(@Arg('input', () => ConfirmReceiptInput) input: ConfirmReceiptInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      return confirmReceipt(flow.shop, who, orderId(input))
    })
  }

  @Mutation(() => OrderPayload, {
    description: 'Undoes a paid order: its money and its pieces go back. For its member and the shop.',
  })
  refundOrder(@Arg('input', () => RefundOrderInput) input: RefundOrderInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      const why = reason(input.reason, 'reason')
      return refundOrder(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        reason: why,
      })
    })
  }
}

/** Does the deed, then gives the order as it is now: read anew, since the deed changed it. */
export function answered(context: OrdersContext, deed: (context: OrdersContext) => Promise<string>) {
  return payload(async () => {
    const id = await deed(context)
    context.loaders.orders.clear(id)
    return { order: await ownOrder(context, id) }
  })
}

/** Why something is done, in words. */
export function reason(value: unknown, place: string): string {
  return text(value, place, { most: 200 })
}

/** The order that an input names. */
export function orderId(input: { readonly orderId: string }): string {
  return idOf('Order')(input.orderId, 'orderId')
}

function given<T>(value: unknown, place: string, read: (value: unknown, place: string) => T): T | null {
  return value === undefined || value === null ? null : read(value, place)
}
