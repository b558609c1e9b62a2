import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { payload, refusal, type Answered, type RefusalValue } from '../../host/graph/payload.js'
import { UserErrorType } from '../../host/graph/user-error.js'
import type { Imported } from '../flow/import-products.js'
import type { Product } from '../store/find-products.js'
import type { CatalogContext } from './catalog-context.js'
import { ImportedProductType, ImportProductsInput, ImportProductsPayload } from './import-types.js'
import { ProductType } from './product-types.js'

/** Feeding the catalog. */
@Resolver()
export class ImportResolver {
  @Mutation(() => ImportProductsPayload, {
    description:
      "Brings a part of a seller's feed into the catalog. What was fed alike before is left alone. For merchants and operators.",
  })
  importProducts(
    @Arg('input', () => ImportProductsInput) input: ImportProductsInput,
    @Ctx() { who, flow }: CatalogContext,
  ): Promise<Answered<{ results: readonly Imported[] }>> {
    return payload(async () => ({ results: await flow.importProducts(who, input) }))
  }
}

/** What became of each product. */
@Resolver(() => ImportedProductType)
export class ImportedProductResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product as it is now; null when it was refused.',
  })
  async product(@Root() { product }: Imported, @Ctx() { loaders }: CatalogContext): Promise<Product | null> {
    return product === null ? null : await loaders.products.load(product)
  }

  @FieldResolver(() => [UserErrorType], { description: 'All that is wrong with it, by place.' })
  errors(@Root() { wrong }: Imported): readonly RefusalValue[] {
    return wrong.map(refusal)
  }
}
