import { Directive, Field, ObjectType } from 'type-graphql'
import { NodeType } from '../../../host/graph/node.js'
import { DateTime, SafeInt } from '../../../host/graph/scalars.js'
import { GoodsProductType, GoodsVariantType } from './goods-types.js'

/** An order, which belongs to the orders. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Order', { implements: NodeType, description: 'An order.' })
export class EventOrderType extends NodeType {}

/** Something that happened, as a letter tells it, with what it happened to as it is now. */
@ObjectType('PartnerEvent', {
  description: 'Something that happened. Keep the highest version of what it tells of, and forget lower ones.',
})
export class PartnerEventType {
  @Field(() => String, { description: 'Made from the fact: the same as in a letter.' })
  id!: string

  @Field(() => String, {
    description:
      'Like order.moved, parcel.moved, after-sale.moved, price.changed, offers.changed, stock.changed or shelf.changed; gap: more happened than was read, read the catalogue on and watch again.',
  })
  kind!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: Date

  @Field(() => SafeInt, { description: 'It grows with the thing that it tells of.' })
  version!: number

  @Field(() => EventOrderType, { nullable: true, description: 'Which order, as it is now.' })
  order!: object | null

  @Field(() => String, { nullable: true, description: "The partner's own number of it." })
  partnerOrderId!: string | null

  @Field(() => GoodsVariantType, { nullable: true, description: 'Which variant, as it is now.' })
  variant!: object | null

  @Field(() => GoodsProductType, { nullable: true, description: 'Which product, as it is now.' })
  product!: object | null

  @Field(() => String, { description: 'What a letter says, in JSON.' })
  body!: string
}
