import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql'
import { whole } from '../../../platform/decode.js'
import type { OrderState } from '../../../schema/events/orders.js'
import { holdsScope, memberOf, needRole, partnerWith, ROLES, type Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest } from '../../host/graph/page.js'
import { isOwn, merchantIn, runsShop, SEES_ORDERS } from '../flow/find-order.js'
import { watchOrder, type Look } from '../flow/watch-order.js'
import { pageOfPurchases } from '../store/purchases.js'
import { OrderStateType } from './order-enums.js'
import { OrderConnection, OrderLineType, OrderPaymentType, OrderType, ParcelType, RefundType } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import { orderView, type LineView, type OrderView } from './views.js'

/** Finding orders. An order that is not the asker's is as unknown as one that never was. */
@Resolver(() => OrderType)
export class OrderResolver {
  @Query(() => OrderType, { nullable: true, description: 'An order of yours by its id.' })
  async order(@Arg('id', () => ID) id: string, @Ctx() context: OrdersContext): Promise<OrderView> {
    return ownOrder(context, id)
  }

  @Query(() => OrderConnection, {
    nullable: true,
    description:
      'Your orders, the newest first; those who run the shop see all, a merchant those of its sellers too, a partner its own.',
  })
  async orders(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: OrdersContext,
    @Arg('state', () => OrderStateType, {
      nullable: true,
      description: 'Only those that stand so, like PAID: to be shipped.',
    })
    state?: OrderState | null,
  ) {
    needRole(who, ...ROLES)
    const request = pageRequest(args)
    const before = request.after === null ? null : whole(request.after[0], 'after')
    const wanted = { ...whose(who), merchant: runsShop(who) ? null : merchantIn(who), state: state ?? null }
    const rows = await pageOfPurchases(flow.shop.db, { ...wanted, before, most: request.limit })
    return pageOf(rows.map(orderView), request, ({ number }) => [number])
  }

  @FieldResolver(() => [OrderLineType], { description: 'What was bought.' })
  async lines(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext): Promise<readonly LineView[]> {
    return (await loaders.linesOf.load(id)) ?? []
  }

  @FieldResolver(() => [ParcelType], { description: 'What its sellers send, once it is paid.' })
  async parcels(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return (await loaders.parcelsOf.load(id)) ?? []
  }

  @FieldResolver(() => OrderPaymentType, {
    nullable: true,
    description: 'How it was paid; null as long as it is not, and for what was paid at a partner.',
  })
  payment(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return loaders.payments.load(id)
  }

  @FieldResolver(() => [RefundType], { description: 'What goes back to the buyer.' })
  async refunds(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext) {
    return (await loaders.refundsOf.load(id)) ?? []
  }

  @Subscription(() => OrderType, {
    description: 'An order of yours as it is now, and again after each step; steps that come together are told once.',
    // TypeGraphQL knows neither its arguments nor its context.
    subscribe: ({ args, context }) => watched(context as OrdersContext, args as { orderId: string }),
  })
  orderMoved(
    @Arg('orderId', () => ID) _orderId: string,
    @Root() { id }: Look,
    @Ctx() context: OrdersContext,
  ): Promise<OrderView> {
    return ownOrder(context, id)
  }
}

async function watched(context: OrdersContext, { orderId }: { orderId: string }) {
  if (!holdsScope(context.who, 'events')) throw refuse('FORBIDDEN', 'this needs the scope events')
  const { id } = await ownOrder(context, orderId)
  return watchOrder(context.flow.shop, id)
}

/** The order, if the asker may see it. */
export async function ownOrder(context: OrdersContext, id: string): Promise<OrderView> {
  const order = await context.loaders.orders.load(idOf('Order')(id, 'id'))
  if (order === null || !(await sees(context, order))) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

/** An order that another subgraph points at, or that was asked for by `node`: null where the asker may not see it. */
export async function visibleOrder(context: OrdersContext, id: string): Promise<OrderView | null> {
  const order = await context.loaders.orders.load(id)
  return order !== null && (await sees(context, order)) ? order : null
}

/** An order is seen by whom it belongs to, and by a merchant who acts for the sellers of all its lines. */
async function sees({ who, loaders }: OrdersContext, { id, owner }: OrderView): Promise<boolean> {
  if (isOwn(who, owner)) return true
  const merchant = merchantIn(who)
  return merchant !== null && (await loaders.actedFor.load({ merchant, order: id }))
}

/** The same for a line: who may see the order may see its lines. */
export async function visibleLine(context: OrdersContext, id: string): Promise<LineView | null> {
  const line = await context.loaders.lines.load(id)
  return line !== null && (await visibleOrder(context, line.order)) !== null ? line : null
}

function whose(who: Identity): { readonly member: string | null; readonly partner: string | null } {
  if (runsShop(who)) return { member: null, partner: null }
  if (who.roles.includes('partner')) return { member: null, partner: partnerWith(who, ...SEES_ORDERS) }
  return { member: memberOf(who), partner: null }
}
