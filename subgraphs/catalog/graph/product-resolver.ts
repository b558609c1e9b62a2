import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { instant, text } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import type { Identity } from '../../../schema/identity.js'
import { PageArgs, pageOf, pageRequest, type Key, type Page } from '../../host/graph/page.js'
import { productId } from '../domain/catalog-ids.js'
import type { Product, ProductPlace } from '../store/find-products.js'
import type { Variant } from '../store/find-variants.js'
import type { CatalogContext } from './catalog-context.js'
import { ImageType, ProductConnection, ProductType, VariantType } from './product-types.js'

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

  @Query(() => ProductConnection, { nullable: true, description: 'Products, the newest first.' })
  async products(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('search', () => String, { nullable: true, description: 'A part of the title.' })
    search: string | null | undefined,
    @Arg('selfOperated', () => Boolean, { nullable: true, description: 'Only our own, or only those of others.' })
    selfOperated: boolean | null | undefined,
    @Ctx() { who, flow }: CatalogContext,
  ): Promise<Page<Product>> {
    const request = pageRequest(args)
    const filter = { search: words(search), selfOperated: selfOperated ?? null, publishedOnly: !isStaff(who) }
    const rows = await flow.pageProducts(filter, { limit: request.limit, after: request.after && place(request.after) })
    return pageOf(rows, request, ({ createdAt, id }) => [createdAt.toISOString(), id])
  }

  @FieldResolver(() => [VariantType], { description: 'The forms it is sold in, in the order of its seller.' })
  variants(@Root() { id }: Product, @Ctx() { loaders }: CatalogContext): Promise<readonly Variant[]> {
    return loaders.variantsOf.load(id)
  }
}

/** Finding variants. */
@Resolver(() => VariantType)
export class VariantResolver {
  @Query(() => VariantType, { nullable: true, description: 'A variant by its id.' })
  async variant(@Arg('id', () => ID) id: string, @Ctx() { loaders }: CatalogContext): Promise<Variant | null> {
    return await loaders.variants.load(idOf('Variant')(id, 'id'))
  }

  @FieldResolver(() => ProductType, { description: 'What it is a form of.' })
  product(@Root() { productId: id }: Variant, @Ctx() { loaders }: CatalogContext): Promise<Product | null> {
    return loaders.products.load(id)
  }

  @FieldResolver(() => ImageType, { nullable: true, description: 'Its own picture.' })
  image(@Root() { image, title }: Variant): ImageType | null {
    return image === null ? null : { url: image, alt: title }
  }
}

/** A product that is not published is there for who keeps it; entities pointed at by others are always shown. */
function shownTo(who: Identity, product: Product | null): Product | null {
  return product === null || product.published || isStaff(who) ? product : null
}

function isStaff(who: Identity): boolean {
  return who.roles.some((role) => role === 'merchant' || role === 'operator')
}

function words(search: string | null | undefined): string | null {
  const kept = search?.trim() ?? ''
  return kept === '' ? null : text(kept, 'search', { most: 100 })
}

function place([createdAt, id]: readonly Key[]): ProductPlace {
  return { createdAt: instant(createdAt, 'after'), id: idOf('Product')(id, 'after') }
}
