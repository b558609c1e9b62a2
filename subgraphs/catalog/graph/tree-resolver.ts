import { Arg, Args, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { maybe, text } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { PageArgs, pageOf, pageRequest, type Key, type Page } from '../../host/graph/page.js'
import type { Brand, BrandPlace } from '../store/brands.js'
import type { Category } from '../store/categories.js'
import type { CatalogContext } from './catalog-context.js'
import { TOP } from './loaders.js'
import { productList, shownFilter, type ProductList } from './product-list.js'
import { ProductConnection } from './product-types.js'
import { OwnProductsArgs } from './search-types.js'
import { BrandConnection, BrandType, CategoryType } from './tree-types.js'

const OF_CATEGORIES = '@listSize(assumedSize: 50, requireOneSlicingArgument: false)'

/** Finding brands. */
@Resolver(() => BrandType)
export class BrandResolver {
  @Query(() => BrandType, { nullable: true, description: 'A brand by its id.' })
  async brand(@Arg('id', () => ID) id: string, @Ctx() { loaders }: CatalogContext): Promise<Brand | null> {
    return await loaders.brands.load(idOf('Brand')(id, 'id'))
  }

  @Query(() => BrandConnection, { nullable: true, description: 'Brands by their names.' })
  async brands(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('beginning', () => String, { nullable: true, description: 'How the name begins.' })
    beginning: string | null | undefined,
    @Ctx() { flow }: CatalogContext,
  ): Promise<Page<Brand>> {
    const request = pageRequest(args)
    const start = maybe(beginning, 'beginning', (value, place) => text(value, place, { least: 0, most: 100 }))
    const rows = await flow.pageBrands(start, {
      limit: request.limit,
      after: request.after && brandPlace(request.after),
    })
    return pageOf(rows, request, ({ name, id }) => [name, id])
  }

  @Directive(PERSONAL)
  @FieldResolver(() => ProductConnection, { nullable: true, description: 'What is sold under it.' })
  async products(
    @Root() { id }: Brand,
    @Args(() => OwnProductsArgs) args: OwnProductsArgs,
    @Ctx() context: CatalogContext,
  ): Promise<ProductList> {
    const filter = { ...shownFilter(context.who), brands: [id] }
    return productList({ text: null, filter, sort: args.sort ?? null }, args, context)
  }
}

/** Finding categories. */
@Resolver(() => CategoryType)
export class CategoryResolver {
  @Query(() => CategoryType, { nullable: true, description: 'A category by its id.' })
  async category(@Arg('id', () => ID) id: string, @Ctx() { loaders }: CatalogContext): Promise<Category | null> {
    return await loaders.categories.load(idOf('Category')(id, 'id'))
  }

  @Directive(OF_CATEGORIES)
  @Query(() => [CategoryType], { nullable: true, description: 'The top of the tree, in its order; at most 500.' })
  categories(@Ctx() { loaders }: CatalogContext): Promise<readonly Category[]> {
    return loaders.childrenOf.load(TOP)
  }

  @FieldResolver(() => CategoryType, { nullable: true, description: 'What it stands below; null at the top.' })
  async parent(@Root() { parent }: Category, @Ctx() { loaders }: CatalogContext): Promise<Category | null> {
    return parent === null ? null : await loaders.categories.load(parent)
  }

  @Directive('@listSize(assumedSize: 8, requireOneSlicingArgument: false)')
  @FieldResolver(() => [CategoryType], { description: 'The way to it from the top, itself last.' })
  async path(@Root() { lineage }: Category, @Ctx() { loaders }: CatalogContext): Promise<readonly Category[]> {
    const found = await Promise.all(lineage.map((id) => loaders.categories.load(id)))
    return found.filter((category) => category !== null)
  }

  @Directive(OF_CATEGORIES)
  @FieldResolver(() => [CategoryType], { description: 'What stands right below it, in its order; at most 500.' })
  children(@Root() { id }: Category, @Ctx() { loaders }: CatalogContext): Promise<readonly Category[]> {
    return loaders.childrenOf.load(id)
  }

  @Directive(PERSONAL)
  @FieldResolver(() => ProductConnection, { nullable: true, description: 'What stands in it and below it.' })
  async products(
    @Root() { id }: Category,
    @Args(() => OwnProductsArgs) args: OwnProductsArgs,
    @Ctx() context: CatalogContext,
  ): Promise<ProductList> {
    const filter = { ...shownFilter(context.who), category: id }
    return productList({ text: null, filter, sort: args.sort ?? null }, args, context)
  }
}

function brandPlace([name, id]: readonly Key[]): BrandPlace {
  return { name: text(name, 'after'), id: idOf('Brand')(id, 'after') }
}
