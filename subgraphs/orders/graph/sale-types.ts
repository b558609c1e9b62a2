import { Directive, Field, ObjectType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { FlashSaleStateType } from './order-enums.js'
import { VariantType } from './price-types.js'
import { RoomType } from './stubs.js'

@Directive('@key(fields: "id")')
@ObjectType('FlashSale', { implements: NodeType, description: 'A few pieces at a low price for a short time.' })
export class FlashSaleType extends NodeType {
  @Field(() => VariantType, { nullable: true, description: 'What is sold.' })
  variant!: VariantType

  @Field(() => RoomType, { nullable: true, description: 'The room whose viewers may buy; null: everybody.' })
  room!: RoomType | null

  @Field(() => MoneyType, { description: 'What a piece costs.' })
  price!: MoneyType

  @Field(() => SafeInt, { description: 'How many pieces were put into it.' })
  quota!: number

  @Field(() => SafeInt, { description: 'How many are left.' })
  left!: number

  @Field(() => SafeInt, { description: 'How many one member may have.' })
  perMember!: number

  @Field(() => SafeInt, { description: 'How many wait for a piece to come back.' })
  waiting!: number

  @Field(() => DateTime, { description: "When it begins, by the database's clock." })
  startsAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null: when it is closed.' })
  endsAt!: Date | null

  @Field(() => FlashSaleStateType, { description: 'Where it stands.' })
  state!: string
}

@ObjectType('FlashSalePayload', { description: 'What became of a flash sale.' })
export class FlashSalePayload extends Payload {
  @Field(() => FlashSaleType, { nullable: true, description: 'The sale; null when it was refused.' })
  flashSale?: FlashSaleType | null
}
