import { Args, Ctx, Query, Resolver } from 'type-graphql'
import { whole } from '../../../../platform/decode.js'
import { partnerWith } from '../../../../schema/identity.js'
import { PageArgs, pageOf, pageRequest } from '../../../host/graph/page.js'
import { changedGoods, type OfferedGoods } from '../store/offered-goods.js'
import type { Asking } from './asking.js'
import { PartnerGoodsConnection } from './goods-types.js'

/** What may be sold at partners', and what of it changed since one looked last. */
@Resolver()
export class GoodsResolver {
  @Query(() => PartnerGoodsConnection, {
    nullable: true,
    description:
      'What you may sell, in the order in which it changed last: read to the end and keep the last cursor; behind it stands what has changed since. For partners.',
  })
  async partnerCatalog(@Args(() => PageArgs) args: PageArgs, @Ctx() { who, flow }: Asking) {
    partnerWith(who, 'catalog')
    const request = pageRequest(args)
    const after = request.after === null ? 0 : whole(request.after[0], 'after', { least: 0 })
    const page = pageOf(await changedGoods(flow.db, { after, most: request.limit }), request, ({ change }) => [change])
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: goodsValue(node) })) }
  }
}

function goodsValue({ variant, product, on_shelf: onShelf, changed_at: changedAt }: OfferedGoods) {
  return {
    variant: { __typename: 'Variant', id: variant },
    product: { __typename: 'Product', id: product },
    ...{ onShelf, changedAt },
  }
}
