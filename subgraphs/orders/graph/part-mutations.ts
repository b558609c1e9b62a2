import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { text } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { receiveParcel, shipParcel } from '../flow/move-parcel.js'
import { readKey } from '../flow/read-request.js'
import { cancelLines, refundLines } from '../flow/refund-order.js'
import { answered, orderId, reason } from './order-mutations.js'
import { OrderPayload } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import {
  CancelOrderLinesInput,
  ReceiveParcelInput,
  RefundOrderLinesInput,
  ShipParcelInput,
  readParts,
} from './part-inputs.js'

/** Acting on parts of orders. */
@Resolver()
export class PartMutations {
  @Mutation(() => OrderPayload, {
    description:
      'Gives up pieces that have not left yet: unpaid the order comes to less, paid their money goes back. For its member and the shop.',
  })
  cancelOrderLines(
    @Arg('input', () => CancelOrderLinesInput) input: CancelOrderLinesInput,
    @Ctx() context: OrdersContext,
  ) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      return cancelLines(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        reason: reason(input.reason, 'reason'),
        lines: readParts(input.lines),
      })
    })
  }

  @Mutation(() => OrderPayload, {
    description:
      'Gives money back for pieces that the buyer keeps or never got, or a part of the money while the pieces stay bought. For merchants and operators.',
  })
  refundOrderLines(
    @Arg('input', () => RefundOrderLinesInput) input: RefundOrderLinesInput,
    @Ctx() context: OrdersContext,
  ) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'merchant', 'operator')
      return refundLines(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        reason: reason(input.reason, 'reason'),
        lines: readParts(input.lines),
      })
    })
  }

  @Mutation(() => OrderPayload, {
    description: 'A parcel has left; when it is the last one, its order is shipped. For merchants and operators.',
  })
  shipParcel(@Arg('input', () => ShipParcelInput) input: ShipParcelInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'merchant', 'operator')
      const carrier = text(input.carrier, 'carrier', { most: 40 })
      const waybill = text(input.waybill, 'waybill', { most: 60 })
      return shipParcel(flow.shop, who, { id: idOf('Parcel')(input.parcelId, 'parcelId'), carrier, waybill })
    })
  }

  @Mutation(() => OrderPayload, {
    description: 'A parcel has arrived; when it is the last one, its order is completed. For its member and the shop.',
  })
  receiveParcel(@Arg('input', () => ReceiveParcelInput) input: ReceiveParcelInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      return receiveParcel(flow.shop, who, idOf('Parcel')(input.parcelId, 'parcelId'))
    })
  }
}
