import { Directive, Field, ObjectType } from 'type-graphql'
import { NodeType } from '../../../host/graph/node.js'
import { connectionOf } from '../../../host/graph/page.js'
import { DateTime } from '../../../host/graph/scalars.js'

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Variant', { implements: NodeType, description: 'One form of a product, as it is put into a parcel.' })
export class GoodsVariantType extends NodeType {}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Product', { implements: NodeType, description: 'Something that is sold.' })
export class GoodsProductType extends NodeType {}

/** What a partner may sell: which it is, and whether it is shown; all else is asked of the variant itself. */
@ObjectType('PartnerGoods', {
  description: 'Something that a partner may sell. Price, stock and words are those of the variant.',
})
export class PartnerGoodsType {
  @Field(() => GoodsVariantType, { nullable: true, description: 'What is put into a parcel.' })
  variant!: object

  @Field(() => GoodsProductType, { nullable: true, description: 'Of which product.' })
  product!: object

  @Field(() => Boolean, { description: 'Whether the product is shown now; what is not shown is not to be sold.' })
  onShelf!: boolean

  @Field(() => DateTime, { description: 'When its price, stock, words or shelf changed last.' })
  changedAt!: Date
}

/** A page of them, in the order of their last changes. */
export const PartnerGoodsConnection = connectionOf('PartnerGoods', () => PartnerGoodsType)
