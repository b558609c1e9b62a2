import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { list, text, whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { payload } from '../../host/graph/payload.js'
import { readKey } from '../flow/read-request.js'
import { inspectReturn, moveReturn, requestReturn, type ReturnRequest } from '../flow/return-goods.js'
import {
  AfterSalePayload,
  AfterSaleType,
  InspectReturnInput,
  MoveReturnInput,
  RequestReturnInput,
  type ReturnLineInput,
} from './after-sale-types.js'
import { orderId, reason } from './order-mutations.js'
import { OrderType } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import type { OrderView } from './views.js'

/** Returns and exchanges. */
@Resolver(() => OrderType)
export class AfterSaleResolver {
  @FieldResolver(() => [AfterSaleType], { description: 'Its returns and exchanges, the oldest first.' })
  afterSales(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return loaders.afterSalesOf.load(id)
  }

  @Mutation(() => AfterSalePayload, {
    description: 'Asks to send goods back, for their money or for others. For the member and the shop.',
  })
  requestReturn(@Arg('input', () => RequestReturnInput) input: RequestReturnInput, @Ctx() context: OrdersContext) {
    return answered(context, ({ who, flow }) => {
      needRole(who, 'member', 'merchant', 'operator')
      return requestReturn(flow.shop, who, {
        idempotencyKey: readKey(input.idempotencyKey),
        order: orderId(input),
        reason: reason(input.reason, 'reason'),
        lines: readReturnLines(input.lines),
        wantVariant: readWanted(input.exchangeForId),
        mostDifferenceMinor: whole(input.mostDifferenceMinor ?? 0, 'mostDifferenceMinor', { least: 0 }),
      })
    })
  }

  @Mutation(() => AfterSalePayload, {
    description: 'A step of a return: WITHDRAW and SEND_BACK for the member and the shop, the others for the shop.',
  })
  moveReturn(@Arg('input', () => MoveReturnInput) input: MoveReturnInput, @Ctx() context: OrdersContext) {
    return answered(context, ({ who, flow }) => {
      const { deed, carrier, waybill, note } = input
      const isBuyers = deed === 'withdraw' || deed === 'sendBack'
      needRole(who, ...(isBuyers ? (['member', 'merchant', 'operator'] as const) : (['merchant', 'operator'] as const)))
      return moveReturn(flow.shop, who, {
        ...{ idempotencyKey: readKey(input.idempotencyKey), id: afterSaleId(input), deed },
        ...(deed === 'sendBack' ? readParcel(carrier, waybill) : {}),
        ...(deed === 'reject' ? { note: reason(note, 'note') } : {}),
      })
    })
  }

  @Mutation(() => AfterSalePayload, {
    description: 'What came back was inspected: what is accepted is refunded or exchanged at once. For the shop.',
  })
  inspectReturn(@Arg('input', () => InspectReturnInput) input: InspectReturnInput, @Ctx() context: OrdersContext) {
    return answered(context, ({ who, flow }) => {
      needRole(who, 'merchant', 'operator')
      const findings = input.findings.map((finding, at) => ({
        line: idOf('OrderLine')(finding.lineId, `findings[${at}].lineId`),
        accepted: whole(finding.accepted, `findings[${at}].accepted`, { least: 0 }),
        damaged: whole(finding.damaged ?? 0, `findings[${at}].damaged`, { least: 0 }),
        reason: (finding.reason ?? null) === null ? null : reason(finding.reason, `findings[${at}].reason`),
      }))
      return inspectReturn(flow.shop, who, {
        ...{ idempotencyKey: readKey(input.idempotencyKey), id: afterSaleId(input), findings },
      })
    })
  }
}

/** The pieces of lines that are sent back. */
export function readReturnLines(lines: readonly ReturnLineInput[]): ReturnRequest['lines'] {
  list(lines, 'lines', (line) => line, { most: 50 })
  if (lines.length === 0) throw refuse('BAD_USER_INPUT', 'expected a line', { details: { place: 'lines' } })
  return lines.map(({ lineId, quantity }, at) => ({
    line: idOf('OrderLine')(lineId, `lines[${at}].lineId`),
    pieces: whole(quantity, `lines[${at}].quantity`, { least: 1 }),
  }))
}

/** What goods are exchanged for; null: money. */
export function readWanted(id: string | null | undefined): string | null {
  return (id ?? null) === null ? null : idOf('Variant')(id, 'exchangeForId')
}

/** The parcel by which goods come back. */
export function readParcel(carrier: unknown, waybill: unknown) {
  return { carrier: text(carrier, 'carrier', { most: 40 }), waybill: text(waybill, 'waybill', { most: 60 }) }
}

/** Does the deed, then gives the return as it is now. */
export function answered(context: OrdersContext, deed: (context: OrdersContext) => Promise<string>) {
  return payload(async () => ({ afterSale: await context.loaders.afterSales.load(await deed(context)) }))
}

/** The return that an input names. */
export function afterSaleId(input: { readonly afterSaleId: string }): string {
  return idOf('AfterSale')(input.afterSaleId, 'afterSaleId')
}
