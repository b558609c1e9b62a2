import { Field, ObjectType } from 'type-graphql'

@ObjectType('ShippingAddress', { description: 'Where a buyer waits for the parcel.' })
export class ShippingAddressType {
  @Field(() => String, { description: 'The number of its region.' })
  regionCode!: string

  @Field(() => String, { description: 'Street, house and door.' })
  line!: string

  @Field(() => String, { description: 'Who takes the parcel.' })
  receiver!: string

  @Field(() => String, { description: 'How to call him.' })
  phone!: string
}
