import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import type { Brand } from '../store/brands.js'
import type { Category } from '../store/categories.js'
import type { Product } from '../store/find-products.js'
import type { CatalogContext } from './catalog-context.js'
import { GradeProductInput, ProductPayload, SetDeliveryRegionsInput } from './quality-types.js'
import { DescribeBrandInput, DescribeBrandPayload, SaveCategoryInput, SaveCategoryPayload } from './tree-types.js'

/** Keeping the catalog by hand, beside its feeds. */
@Resolver()
export class KeepResolver {
  @Mutation(() => SaveCategoryPayload, {
    description:
      'Makes a category, or renames or moves one with all that is below it. Feeds find it as before. For operators.',
  })
  saveCategory(
    @Arg('input', () => SaveCategoryInput) input: SaveCategoryInput,
    @Ctx() { who, flow, loaders }: CatalogContext,
  ): Promise<Answered<{ category: Category | null }>> {
    return payload(async () => ({ category: await loaders.categories.load(await flow.saveCategory(who, input)) }))
  }

  @Mutation(() => DescribeBrandPayload, { description: "Writes what a brand's page says. For operators." })
  describeBrand(
    @Arg('input', () => DescribeBrandInput) input: DescribeBrandInput,
    @Ctx() { who, flow, loaders }: CatalogContext,
  ): Promise<Answered<{ brand: Brand | null }>> {
    return payload(async () => ({ brand: await loaders.brands.load(await flow.describeBrand(who, input)) }))
  }

  @Mutation(() => ProductPayload, {
    description:
      "Judges a product's quality, with evidence. Every judgement is kept, the last one holds. For operators.",
  })
  gradeProduct(
    @Arg('input', () => GradeProductInput) input: GradeProductInput,
    @Ctx() { who, flow, loaders }: CatalogContext,
  ): Promise<Answered<{ product: Product | null }>> {
    return payload(async () => {
      const { productId, grade, report = null, notes = null } = input
      const asked = { idempotencyKey: readMaybeKey(input), productId, grade, report, notes }
      return { product: await loaders.products.load(await flow.gradeProduct(who, asked)) }
    })
  }

  @Mutation(() => ProductPayload, {
    description: 'Says where a product is delivered to; a feed does not change it. For merchants and operators.',
  })
  setDeliveryRegions(
    @Arg('input', () => SetDeliveryRegionsInput) input: SetDeliveryRegionsInput,
    @Ctx() { who, flow, loaders }: CatalogContext,
  ): Promise<Answered<{ product: Product | null }>> {
    return payload(async () => ({ product: await loaders.products.load(await flow.setDeliveryRegions(who, input)) }))
  }
}
