import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { partnerWith } from '../../../schema/identity.js'
import { findPartnerOrder } from '../flow/find-order.js'
import { readKey } from '../flow/read-request.js'
import { cancelLines, refundAmount } from '../flow/refund-order.js'
import { moveReturn, requestReturn } from '../flow/return-goods.js'
import {
  afterSaleId,
  answered as answeredReturn,
  readParcel,
  readReturnLines,
  readWanted,
} from './after-sale-resolver.js'
import { AfterSalePayload } from './after-sale-types.js'
import { answered, reason } from './order-mutations.js'
import { OrderPayload } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import {
  PartnerCancelLinesInput,
  PartnerMoveReturnInput,
  PartnerRefundPartInput,
  PartnerRequestReturnInput,
} from './partner-after-sale-inputs.js'

/** After a sale inside a partner's app: the same ways as a member's, of the partner's own orders. What the shop decides is told it. */
@Resolver()
export class PartnerAfterSaleResolver {
  @Mutation(() => OrderPayload, {
    description:
      'Gives up pieces that have not left yet: unpaid the order comes to less, paid their money goes back. For partners.',
  })
  partnerCancelLines(
    @Arg('input', () => PartnerCancelLinesInput) input: PartnerCancelLinesInput,
    @Ctx() context: OrdersContext,
  ) {
    return answered(context, async ({ who, flow }) =>
      cancelLines(flow.shop, who, {
        order: await orderIn(context, input),
        idempotencyKey: readKey(input.idempotencyKey),
        reason: reason(input.reason, 'reason'),
        lines: readReturnLines(input.lines).map((line) => ({ ...line, amountMinor: null })),
      }),
    )
  }

  @Mutation(() => OrderPayload, {
    description:
      'The partner has given the buyer a part of the money back, and the buyer keeps all pieces. When nothing is left, the order is refunded. For partners.',
  })
  partnerRefundPart(
    @Arg('input', () => PartnerRefundPartInput) input: PartnerRefundPartInput,
    @Ctx() context: OrdersContext,
  ) {
    return answered(context, async ({ who, flow }) =>
      refundAmount(flow.shop, who, {
        order: await orderIn(context, input),
        idempotencyKey: readKey(input.idempotencyKey),
        reason: reason(input.reason, 'reason'),
        amountMinor: whole(input.amountMinor, 'amountMinor', { least: 1 }),
      }),
    )
  }

  @Mutation(() => AfterSalePayload, {
    description: 'Asks to send goods back that have left, for their money or for others. For partners.',
  })
  partnerRequestReturn(
    @Arg('input', () => PartnerRequestReturnInput) input: PartnerRequestReturnInput,
    @Ctx() context: OrdersContext,
  ) {
    return answeredReturn(context, async ({ who, flow }) =>
      requestReturn(flow.shop, who, {
        order: await orderIn(context, input),
        idempotencyKey: readKey(input.idempotencyKey),
        reason: reason(input.reason, 'reason'),
        lines: readReturnLines(input.lines),
        wantVariant: readWanted(input.exchangeForId),
        mostDifferenceMinor: 0,
      }),
    )
  }

  @Mutation(() => AfterSalePayload, { description: "A step of a return that is the buyer's. For partners." })
  partnerMoveReturn(
    @Arg('input', () => PartnerMoveReturnInput) input: PartnerMoveReturnInput,
    @Ctx() context: OrdersContext,
  ) {
    return answeredReturn(context, async ({ who, flow }) => {
      partnerWith(who, 'after-sales')
      const { deed, carrier, waybill } = input
      return moveReturn(flow.shop, who, {
        ...{ idempotencyKey: readKey(input.idempotencyKey), id: afterSaleId(input), deed },
        ...(deed === 'sendBack' ? readParcel(carrier, waybill) : {}),
      })
    })
  }
}

/** The partner's order that an input names; a number that is none of its own is as unknown as one that never was. */
function orderIn(
  { who, flow }: OrdersContext,
  { partnerOrderId }: { readonly partnerOrderId: string },
): Promise<string> {
  const partner = partnerWith(who, 'after-sales')
  return findPartnerOrder(flow.shop.db, partner, text(partnerOrderId, 'partnerOrderId', { most: 100 }))
}
