import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { idOf } from '../../../schema/ids.js'
import type { Product } from '../store/find-products.js'
import type { Variant } from '../store/find-variants.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import type { MoneyType } from '../../host/graph/money.js'
import type { CatalogContext } from './catalog-context.js'
import { isStaff } from './product-list.js'
import { ImageType, ProductType, VariantFeedType, VariantType } from './product-types.js'

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

  @Directive(PERSONAL)
  @FieldResolver(() => VariantFeedType, {
    nullable: true,
    description: "What its seller's feed last said of it; null for who does not keep products.",
  })
  async feed(@Root() variant: Variant, @Ctx() { who, loaders }: CatalogContext): Promise<VariantFeedType | null> {
    const product = isStaff(who) ? await loaders.products.load(variant.productId) : null
    if (product === null) return null
    const money = (amountMinor: number): MoneyType => ({ amountMinor, currency: product.currency })
    const { priceMinor, compareAtMinor, quantity } = variant
    return { price: money(priceMinor), compareAt: compareAtMinor === null ? null : money(compareAtMinor), quantity }
  }
}
