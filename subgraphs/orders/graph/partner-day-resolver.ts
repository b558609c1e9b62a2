import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { needRole, partnerWith, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { partnerDay, type PartnerDayRow } from '../store/partner-days.js'
import type { OrdersContext } from './orders-context.js'
import { PartnerStatementConnection } from './partner-day-types.js'

/** Our side of the books that are compared with a partner's, order by order. */
@Resolver()
export class PartnerDayResolver {
  @Query(() => PartnerStatementConnection, {
    nullable: true,
    description:
      "A partner's orders of a period in figures, in the order they were placed. A partner sees its own; operators name one.",
  })
  async partnerStatement(
    @Arg('from', () => DateTime, { description: 'Placed from this moment on.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'Placed before this one.' }) to: Date,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: OrdersContext,
    @Arg('partner', () => String, { nullable: true, description: 'Whose; a partner need not say it.' })
    partner?: string | null,
  ) {
    const whose = partnerAsked(who, partner ?? null)
    if (from >= to) throw refuse('BAD_USER_INPUT', 'a period ends after it has begun', { details: { place: 'to' } })
    const request = pageRequest(args)
    const after = request.after === null ? 0 : whole(request.after[0], 'after')
    const rows = await partnerDay(flow.shop.db, { partner: whose, from, to, after, most: request.limit })
    const page = pageOf(rows, request, ({ number }) => [number])
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: rowView(node) })) }
  }
}

/** Whose books are asked for: a partner's own, or those that an operator names. */
export function partnerAsked(who: Identity, named: string | null): string {
  if (who.roles.includes('partner') && (named === null || named === who.partner)) return partnerWith(who, 'statement')
  needRole(who, 'operator')
  return text(named, 'partner', { most: 40 })
}

function rowView(row: PartnerDayRow) {
  const money = (amountMinor: number) => ({ amountMinor, currency: row.currency })
  return {
    ...{ orderId: row.id, partnerOrder: row.partner_order, state: row.state, createdAt: row.created_at },
    ...{ paid: money(row.paid_minor), refunded: money(row.refunded_minor) },
    ...{ commission: money(row.commission_minor), subsidy: money(row.subsidy_minor) },
  }
}
