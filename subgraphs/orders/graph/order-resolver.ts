import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql'
import { whole } from '../../../platform/decode.js'
import { memberOf, needRole, ROLES, type Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest } from '../../host/graph/page.js'
import { mayTouch, runsShop } from '../flow/find-order.js'
import { partnerOf } from '../flow/partner-orders.js'
import { watchOrder, type Look } from '../flow/watch-order.js'
import { pageOfPurchases } from '../store/purchases.js'
import { OrderConnection, OrderLineType, OrderType, RefundType } from './order-types.js'
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
    description: 'Your orders, the newest first; those who run the shop see all, a partner its own.',
  })
  async orders(@Args(() => PageArgs) args: PageArgs, @Ctx() { who, flow }: OrdersContext) {
    needRole(who, ...ROLES)
    const request = pageRequest(args)
    const before = request.after === null ? null : whole(request.after[0], 'after')
    const rows = await pageOfPurchases(flow.shop.db, { ...whose(who), before, most: request.limit })
    return pageOf(rows.map(orderView), request, ({ number }) => [number])
  }

  @FieldResolver(() => [OrderLineType], { description: 'What was bought.' })
  async lines(@Root() { id }: OrderView, @Ctx() { loaders }: OrdersContext): Promise<readonly LineView[]> {
    return (await loaders.linesOf.load(id)) ?? []
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
  const { id } = await ownOrder(context, orderId)
  return watchOrder(context.flow.shop, id)
}

/** The order, if the asker may see it. */
export async function ownOrder({ who, loaders }: OrdersContext, id: string): Promise<OrderView> {
  const order = await loaders.orders.load(idOf('Order')(id, 'id'))
  if (order === null || !mayTouch(who, order.owner)) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

/** An order that another subgraph points at, or that was asked for by `node`: null where the asker may not see it. */
export async function visibleOrder({ who, loaders }: OrdersContext, id: string): Promise<OrderView | null> {
  const order = await loaders.orders.load(id)
  return order !== null && mayTouch(who, order.owner) ? order : null
}

/** The same for a line: who may see the order may see its lines. */
export async function visibleLine(context: OrdersContext, id: string): Promise<LineView | null> {
  const line = await context.loaders.lines.load(id)
  return line !== null && (await visibleOrder(context, line.order)) !== null ? line : null
}

function whose(who: Identity): { readonly member: string | null; readonly partner: string | null } {
  if (runsShop(who)) return { member: null, partner: null }
  if (who.roles.includes('partner')) return { member: null, partner: partnerOf(who) }
  return { member: memberOf(who), partner: null }
}
