import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { list } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { SafeInt } from '../../host/graph/scalars.js'
import { takenBy, type Had } from '../store/sale-members.js'
import type { OrdersContext } from './orders-context.js'
import { FlashSaleType } from './sale-types.js'
import type { SaleView } from './views.js'

/** Viewers and sales in one question: a whole crowd is asked for at once, but for few sales. */
export const MOST_MEMBERS = 20_000
export const MOST_SALES = 50

/** What a flash sale is to whoever looks at it. */
@Resolver(() => FlashSaleType)
export class SaleViewers {
  @Directive('@live(viewer: "flashSalesLeftFor")')
  @FieldResolver(() => SafeInt, {
    nullable: true,
    description: 'How many pieces whoever asks may still have of it now; null for who is no member.',
  })
  async leftForMe(@Root() sale: SaleView, @Ctx() { who, loaders }: OrdersContext): Promise<number | null> {
    if (who.member === null) return null
    return leftAfter(sale, await loaders.taken.load({ flashSale: sale.id, buyer: who.member }))
  }

  @Directive('@inaccessible')
  @Query(() => [[SafeInt]], {
    nullable: 'itemsAndList',
    description: "`leftForMe` of each sale for each member. For the gateway's own questions: no client can see it.",
  })
  async flashSalesLeftFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() { loaders, flow }: OrdersContext,
  ): Promise<readonly (readonly (number | null)[])[]> {
    const asked = list(members, 'members', idOf('Member'), { most: MOST_MEMBERS })
    const wanted = list(ids, 'ids', idOf('FlashSale'), { most: MOST_SALES })
    return await leftFor(flow, asked, await Promise.all(wanted.map((id) => loaders.sales.load(id))))
  }
}

/** For each member a list of what he may still have of each sale; one statement for all. */
async function leftFor(
  { shop }: OrdersContext['flow'],
  members: readonly string[],
  sales: readonly (SaleView | null)[],
): Promise<readonly (readonly (number | null)[])[]> {
  const pairs = sales.flatMap((sale) => (sale === null ? [] : members.map((buyer) => ({ flashSale: sale.id, buyer }))))
  const taken = await takenBy(shop.db, pairs)
  return members.map((member) =>
    sales.map((sale) => (sale === null ? null : leftAfter(sale, taken.get(sale.id)?.get(member) ?? null))),
  )
}

function leftAfter({ left, perMember, at }: SaleView, had: Had | null): number {
  if (had === null) return Math.min(left, perMember)
  const aside = had.aside_until !== null && had.aside_until > at ? had.aside : 0
  return Math.max(0, Math.min(left + aside, perMember - had.taken))
}
