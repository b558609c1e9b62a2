import { Field, ID, ObjectType } from 'type-graphql'
import { SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { VariantType } from './price-types.js'

@ObjectType('Warehouse', { description: 'Where goods lie, and leave from.' })
export class WarehouseType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => String, { nullable: true, description: "Whose goods alone lie there; null: anybody's." })
  seller!: string | null

  @Field(() => String, { description: 'What it is called.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Where it stands, by its number in the national list.' })
  region!: string | null

  @Field(() => [String], { description: 'The regions that it serves, by the beginnings of their numbers; empty: all.' })
  serves!: readonly string[]
}

@ObjectType('Shelf', { description: 'What of a variant lies in one warehouse.' })
export class ShelfType {
  @Field(() => ID, { description: 'The warehouse.' })
  warehouse!: string

  @Field(() => SafeInt, { description: 'Pieces that can be sold from there now; never below zero.' })
  available!: number

  @Field(() => SafeInt, { description: 'All pieces that ever came in there, the sold ones included.' })
  onHand!: number

  @Field(() => SafeInt, { description: 'Pieces held by unpaid orders and by flash sales.' })
  reserved!: number

  @Field(() => SafeInt, { description: 'Pieces that are paid for.' })
  sold!: number
}

@ObjectType('SetStockPayload', { description: 'What became of a count.' })
export class SetStockPayload extends Payload {
  @Field(() => VariantType, { nullable: true, description: 'The variant; null when it was refused.' })
  variant?: VariantType | null
}

@ObjectType('SaveWarehousePayload', { description: 'What became of a warehouse.' })
export class SaveWarehousePayload extends Payload {
  @Field(() => WarehouseType, { nullable: true, description: 'The warehouse; null when it was refused.' })
  warehouse?: WarehouseType | null
}
