import { Arg, Args, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { PageArgs, pageOf, pageRequest } from '../../host/graph/page.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { payload } from '../../host/graph/payload.js'
import { runsShop } from '../flow/find-order.js'
import { moveDeal, proposeDeal } from '../flow/negotiate.js'
import { readKey } from '../flow/read-request.js'
import type { Shop } from '../flow/shop.js'
import { findHostDeals, pageOfHostDeals, type HostDealRow } from '../store/host-deals.js'
import { HostDealConnection, HostDealPayload, MoveHostDealInput, ProposeHostDealInput } from './host-deal-types.js'
import { reason } from './order-mutations.js'
import type { OrdersContext } from './orders-context.js'
import { stub } from './stubs.js'

/** What hosts and sellers negotiate. */
@Resolver()
export class HostDealResolver {
  @Directive(PERSONAL)
  @Query(() => HostDealConnection, {
    nullable: true,
    description: 'The deals of the host who asks; for those who run the shop all.',
  })
  async hostDeals(@Args(() => PageArgs) args: PageArgs, @Ctx() { who, flow }: OrdersContext) {
    needRole(who, 'host', 'merchant', 'operator')
    const request = pageRequest(args)
    const after = request.after === null ? null : text(request.after[0], 'after')
    const host = runsShop(who) ? null : memberOf(who)
    const rows = await pageOfHostDeals(flow.shop.db, { host, after, most: request.limit })
    return pageOf(rows.map(dealView), request, ({ id }) => [id])
  }

  @Mutation(() => HostDealPayload, { description: 'Asks for a rate for a product. For hosts.' })
  proposeHostDeal(
    @Arg('input', () => ProposeHostDealInput) { idempotencyKey, productId, rateBp, note }: ProposeHostDealInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return answered(flow.shop, () =>
      proposeDeal(flow.shop, who, {
        idempotencyKey: readKey(idempotencyKey),
        product: idOf('Product')(productId, 'productId'),
        rateBp: rate(rateBp),
        note: said(note),
      }),
    )
  }

  @Mutation(() => HostDealPayload, { description: 'A step of a deal. For its host and the shop.' })
  moveHostDeal(
    @Arg('input', () => MoveHostDealInput) { idempotencyKey, hostDealId, deed, rateBp, note }: MoveHostDealInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return answered(flow.shop, () =>
      moveDeal(flow.shop, who, {
        idempotencyKey: readKey(idempotencyKey),
        ...{ id: idOf('HostDeal')(hostDealId, 'hostDealId'), deed, note: said(note) },
        rateBp: rateBp === null || rateBp === undefined ? null : rate(rateBp),
      }),
    )
  }
}

function answered({ db }: Shop, deed: () => Promise<string>) {
  return payload(async () => {
    const id = await deed()
    const row = (await findHostDeals(db, [id])).get(id)
    return { hostDeal: row === undefined ? null : dealView(row) }
  })
}

function dealView(row: HostDealRow) {
  const { id, product, seller, state, note } = row
  const times = { agreedAt: row.agreed_at, endedAt: row.ended_at }
  return { id, host: stub('Member', row.host), product, seller, state, rateBp: row.rate_bp, note, ...times }
}

function rate(value: number): number {
  return whole(value, 'rateBp', { least: 0, most: 10_000 })
}

function said(note: string | null | undefined): string | null {
  return note === null || note === undefined ? null : reason(note, 'note')
}
