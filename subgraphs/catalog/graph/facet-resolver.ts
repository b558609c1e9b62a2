import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { CountedFacets } from '../flow/facet-counter.js'
import type { Brand } from '../store/brands.js'
import type { Category } from '../store/categories.js'
import type { CatalogContext } from './catalog-context.js'
import type { ProductList } from './product-list.js'
import { ProductConnection } from './product-types.js'
import { BrandCountType, CategoryCountType, ProductFacetsType } from './search-types.js'
import { BrandType, CategoryType } from './tree-types.js'

/** What a page of products tells of the whole list; counted only when it is asked for. */
@Resolver(() => ProductConnection)
export class ProductFacetsResolver {
  @Directive('@cost(weight: 50)')
  @FieldResolver(() => ProductFacetsType, { description: 'What the whole list could be narrowed by.' })
  facets(@Root() { search }: ProductList, @Ctx() { flow }: CatalogContext): Promise<CountedFacets> {
    return flow.countFacets(search)
  }
}

/** The category behind a figure. */
@Resolver(() => CategoryCountType)
export class CategoryCountResolver {
  @FieldResolver(() => CategoryType, { description: 'The category.' })
  category(@Root() { id }: { readonly id: string }, @Ctx() { loaders }: CatalogContext): Promise<Category | null> {
    return loaders.categories.load(id)
  }
}

/** The brand behind a figure. */
@Resolver(() => BrandCountType)
export class BrandCountResolver {
  @FieldResolver(() => BrandType, { description: 'The brand.' })
  brand(@Root() { id }: { readonly id: string }, @Ctx() { loaders }: CatalogContext): Promise<Brand | null> {
    return loaders.brands.load(id)
  }
}
