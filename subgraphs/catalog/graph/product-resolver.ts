import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { idOf } from '../../../schema/ids.js'
import type { Identity } from '../../../schema/identity.js'
import { deliversTo, type Delivery } from '../../../schema/regions.js'
import { productId } from '../domain/catalog-ids.js'
import { regionCode } from '../domain/delivery.js'
import type { Product } from '../store/find-products.js'
import type { Variant } from '../store/find-variants.js'
import type { Brand } from '../store/brands.js'
import type { Category } from '../store/categories.js'
import type { Grading } from '../store/quality.js'
import type { CatalogContext } from './catalog-context.js'
import { askedSearch, isStaff, productList, type ProductList } from './product-list.js'
import { ProductConnection, ProductType, VariantType } from './product-types.js'
import { DeliveryRegionsType, GradingType } from './quality-types.js'
import { ProductsArgs } from './search-types.js'
import { BrandType, CategoryType } from './tree-types.js'

/** Finding products. */
@Resolver(() => ProductType)
export class ProductResolver {
  @Query(() => ProductType, { nullable: true, description: 'A product by its id.' })
  async product(@Arg('id', () => ID) id: string, @Ctx() { who, loaders }: CatalogContext): Promise<Product | null> {
    return shownTo(who, await loaders.products.load(idOf('Product')(id, 'id')))
  }

  @Query(() => ProductType, { nullable: true, description: 'A product by its seller and its handle there.' })
  async productByHandle(
    @Arg('seller', () => String, { description: 'Who sells it.' }) seller: string,
    @Arg('handle', () => String, { description: "Its name in its seller's addresses." }) handle: string,
    @Ctx() { who, loaders }: CatalogContext,
  ): Promise<Product | null> {
    return shownTo(who, await loaders.products.load(productId(seller, handle)))
  }

  @Query(() => ProductConnection, {
    nullable: true,
    description:
      'Products that are searched for, narrowed and ordered; the newest first unless something else is asked for.',
  })
  async products(@Args(() => ProductsArgs) args: ProductsArgs, @Ctx() context: CatalogContext): Promise<ProductList> {
    return productList(askedSearch(args, context.who), args, context)
  }

  @FieldResolver(() => [VariantType], { description: 'The forms it is sold in, in the order of its seller.' })
  variants(@Root() { id }: Product, @Ctx() { loaders }: CatalogContext): Promise<readonly Variant[]> {
    return loaders.variantsOf.load(id)
  }

  @FieldResolver(() => BrandType, { nullable: true, description: 'The brand that its seller names.' })
  async brand(@Root() { brandId }: Product, @Ctx() { loaders }: CatalogContext): Promise<Brand | null> {
    return brandId === null ? null : await loaders.brands.load(brandId)
  }

  @FieldResolver(() => CategoryType, { nullable: true, description: 'What kind of things it is among.' })
  async category(@Root() { categoryId }: Product, @Ctx() { loaders }: CatalogContext): Promise<Category | null> {
    return categoryId === null ? null : await loaders.categories.load(categoryId)
  }

  @FieldResolver(() => [GradingType], { description: 'The judgements on its quality, the last first, at most 50.' })
  gradings(@Root() { id }: Product, @Ctx() { loaders }: CatalogContext): Promise<readonly Grading[]> {
    return loaders.gradingsOf.load(id)
  }

  @FieldResolver(() => DeliveryRegionsType, { description: 'Where it is delivered to.' })
  delivery(@Root() product: Product): Delivery {
    return deliveryOf(product)
  }

  @FieldResolver(() => Boolean, { description: 'Whether an address in a region is delivered to.' })
  deliversTo(
    @Root() product: Product,
    @Arg('regionCode', () => String, { description: '6, 9 or 12 digits of the national list (GB/T 2260).' })
    code: string,
  ): boolean {
    return deliversTo(deliveryOf(product), regionCode(code, 'regionCode'))
  }
}

/** A product that is not published is there for who keeps it; entities pointed at by others are always shown. */
function shownTo(who: Identity, product: Product | null): Product | null {
  return product === null || product.published || isStaff(who) ? product : null
}

function deliveryOf({ deliverOnly, deliverExcept }: Product): Delivery {
  return { only: deliverOnly, except: deliverExcept }
}
