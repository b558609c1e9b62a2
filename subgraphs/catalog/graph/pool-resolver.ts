import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { maybe, text, whole } from '../../../platform/decode.js'
import { needRole, type Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { actsForAll, sellersOf } from '../../host/acting/acting-for.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { passRateBp, type Grade, type PoolState } from '../domain/pool.js'
import { SCHEMA } from '../store/migrations.js'
import { pageOfPool, passRows } from '../store/pool-rows.js'
import type { CatalogContext } from './catalog-context.js'
import { poolEntryView, type PoolEntryView } from './loaders-of-pool.js'
import {
  GradeType,
  PassRateByType,
  PassRateType,
  PoolEntryConnection,
  PoolEntryType,
  PoolStateType,
  PoolStepType,
} from './pool-types.js'
import { ProductType } from './product-types.js'

/** Looking into the pool: operators see all of it, merchants what is of their sellers, hosts and partners what is approved. */
@Resolver(() => PoolEntryType)
export class PoolResolver {
  @Query(() => PoolEntryType, {
    nullable: true,
    description: 'A product of the pool; null to who may not see it.',
  })
  async poolEntry(@Arg('id', () => ID) id: string, @Ctx() context: CatalogContext): Promise<PoolEntryView | null> {
    const entry = await context.loaders.poolEntries.load(idOf('PoolEntry')(id, 'id'))
    return entry !== null && (await sees(context, entry)) ? entry : null
  }

  @Query(() => PoolEntryConnection, {
    nullable: true,
    description:
      'The pool, in the order in which products came into it: for hosts and partners what is approved, for merchants what is of their sellers, for operators all.',
  })
  async poolEntries(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: CatalogContext,
    @Arg('state', () => PoolStateType, { nullable: true, description: 'Where it stands.' }) state?: PoolState | null,
    @Arg('category', () => String, { nullable: true, description: 'Its category.' }) category?: string | null,
    @Arg('categoryId', () => ID, {
      nullable: true,
      description: 'Of products that stand in this category of the catalog, or below it.',
    })
    categoryId?: string | null,
    @Arg('grade', () => GradeType, { nullable: true, description: 'Its grade.' }) grade?: Grade | null,
    @Arg('leastMarginBp', () => Int, { nullable: true, description: 'A margin of so much at least.' })
    leastMarginBp?: number | null,
    @Arg('leastCommissionBp', () => Int, { nullable: true, description: 'A commission of so much at least.' })
    leastCommissionBp?: number | null,
  ): Promise<Page<PoolEntryView>> {
    needRole(who, 'host', 'partner', 'merchant', 'operator')
    const request = pageRequest(args)
    const shown = seesApproved(who) && !who.roles.includes('merchant') && !actsForAll(who) ? 'APPROVED' : null
    if (shown !== null && (state ?? shown) !== shown) return pageOf([], request, () => [])
    const rows = await pageOfPool(flow.pool.db, {
      ...{ state: state ?? shown, category: maybe(category, 'category', text), grade: grade ?? null },
      categoryId: maybe(categoryId, 'categoryId', idOf('Category')),
      ...{ leastMarginBp: leastMarginBp ?? null, leastCommissionBp: leastCommissionBp ?? null },
      sellers: shown === null ? await ownSellers(flow.pool.db, who) : null,
      after: request.after === null ? 0 : whole(request.after[0], 'after'),
      most: request.limit,
    })
    return pageOf(rows.map(poolEntryView), request, ({ number }) => [number])
  }

  @Query(() => [PassRateType], {
    nullable: true,
    description:
      'How many of the tests that ended in a period ended well. For operators all, for merchants those of their sellers.',
  })
  async poolPassRates(
    @Arg('by', () => PassRateByType, { description: 'By what they are told apart.' }) by: keyof typeof PassRateByType,
    @Arg('from', () => DateTime, { description: 'Ended from this moment on.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'Ended before this one.' }) to: Date,
    @Ctx() { who, flow }: CatalogContext,
  ): Promise<readonly PassRateType[]> {
    needRole(who, 'merchant', 'operator')
    if (from >= to) throw refuse('BAD_USER_INPUT', 'a period ends after it has begun', { details: { place: 'to' } })
    const rows = await passRows(flow.pool.db, { by, from, to, sellers: await ownSellers(flow.pool.db, who) })
    return rows.map((row) => ({ ...row, rateBp: passRateBp(row) }))
  }

  @FieldResolver(() => ProductType, { nullable: true, description: 'The product.' })
  product(@Root() { productId }: PoolEntryView, @Ctx() { loaders }: CatalogContext) {
    return loaders.products.load(productId)
  }

  @FieldResolver(() => [PoolStepType], { description: 'Its way so far, the first step first.' })
  steps(@Root() { id }: PoolEntryView, @Ctx() { loaders }: CatalogContext) {
    return loaders.poolSteps.load(id)
  }
}

/** The sellers of whom a merchant sees everything; null for operators, who see everybody's. */
async function ownSellers(db: Parameters<typeof sellersOf>[0], who: Identity): Promise<readonly string[] | null> {
  return actsForAll(who) ? null : sellersOf(db, SCHEMA, who)
}

/** Who picks of what is approved: hosts for their rooms, partners for their pages. */
function seesApproved({ roles }: Identity): boolean {
  return roles.includes('host') || roles.includes('partner')
}

async function sees({ who, flow }: CatalogContext, entry: PoolEntryView): Promise<boolean> {
  if (actsForAll(who) || (seesApproved(who) && entry.state === 'APPROVED')) return true
  return (await sellersOf(flow.pool.db, SCHEMA, who)).includes(entry.seller)
}
