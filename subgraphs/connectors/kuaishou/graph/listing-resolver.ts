import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { list, misread } from '../../../../platform/decode.js'
import { needRole } from '../../../../schema/identity.js'
import { idOf } from '../../../../schema/ids.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../../host/graph/page.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import type { ListingRow } from '../store/listings.js'
import type { Asking } from './asking.js'
import {
  ListingConnection,
  ListingState,
  ListingType,
  ListOnKuaishouInput,
  ListOnKuaishouPayload,
  UnlistFromKuaishouInput,
  UnlistFromKuaishouPayload,
  VariantType,
} from './listing-types.js'
import { PERSONAL } from '../../../host/graph/live-directive.js'

/** A listing as the graph shows it. */
export type ListingValue = Omit<ListingType, 'variant'> & { readonly variant: object }

/** What a listing's row says on the graph. */
export function listingValue(row: ListingRow): ListingValue {
  const priceMinor = row.told_price_minor
  return {
    id: `Listing:${row.key}`,
    variant: { __typename: 'Variant', id: row.variant },
    state: stateOf(row),
    kuaishouSku: row.kwai_sku,
    // The platform knows no currency but its own.
    price: priceMinor === null ? null : { amountMinor: priceMinor, currency: 'CNY' },
    stock: row.told_stock,
    refusal: row.refused,
    createdAt: row.created_at,
  }
}

/** Lists and unlists, and shows what is listed; for who runs the shop's goods. */
@Resolver(() => ListingType)
export class ListingResolver {
  @Query(() => ListingConnection, {
    nullable: true,
    description: 'What is or was listed at Kuaishou, oldest first; for operators and merchants.',
  })
  async kuaishouListings(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: Asking,
  ): Promise<Page<ListingValue>> {
    needRole(who, 'operator', 'merchant')
    const request = pageRequest(args)
    const [after = 0] = request.after ?? []
    if (typeof after !== 'number') throw misread('after', 'a cursor of this list', after)
    const rows = await flow.page(after, request.limit)
    const page = pageOf(rows, request, (row) => [row.rel_sku])
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: listingValue(node) })) }
  }

  @Mutation(() => ListOnKuaishouPayload, {
    description: 'Wants variants sold inside Kuaishou; for operators and merchants.',
  })
  async listOnKuaishou(
    @Arg('input', () => ListOnKuaishouInput) input: ListOnKuaishouInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ listings: readonly ListingValue[] }>> {
    needRole(who, 'operator', 'merchant')
    return await payload(async () => ({ listings: (await flow.list(variants(input.variantIds))).map(listingValue) }))
  }

  @Mutation(() => UnlistFromKuaishouPayload, {
    description: 'Wants variants no longer sold inside Kuaishou; for operators and merchants.',
  })
  async unlistFromKuaishou(
    @Arg('input', () => UnlistFromKuaishouInput) input: UnlistFromKuaishouInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ listings: readonly ListingValue[] }>> {
    needRole(who, 'operator', 'merchant')
    return await payload(async () => ({ listings: (await flow.unlist(variants(input.variantIds))).map(listingValue) }))
  }
}

/** Says of a variant whether it is listed. */
@Resolver(() => VariantType)
export class VariantResolver {
  @Directive(PERSONAL)
  @FieldResolver(() => ListingType, {
    nullable: true,
    description:
      'How it is shown inside Kuaishou; null when it never was. For operators and merchants, null to others.',
  })
  async kuaishouListing(@Root() { id }: VariantType, @Ctx() { who, loaders }: Asking): Promise<ListingValue | null> {
    if (!who.roles.includes('operator') && !who.roles.includes('merchant')) return null
    const row = await loaders.listingOfVariant.load(id)
    return row === null ? null : listingValue(row)
  }
}

function variants(ids: readonly string[]): readonly string[] {
  const read = list(ids, 'variantIds', idOf('Variant'), { most: 100 })
  if (read.length === 0) throw misread('variantIds', 'one id at least', 'none')
  return [...new Set(read)]
}

function stateOf(row: ListingRow): ListingState {
  if (!row.wanted) return ListingState.UNLISTED
  if (row.refused !== null) return ListingState.REFUSED
  return row.kwai_sku === null ? ListingState.LISTING : ListingState.LISTED
}
