import { Field, ID, ObjectType } from 'type-graphql'
import type { OrderState } from '../../../schema/events/orders.js'
import { MoneyType } from '../../host/graph/money.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { OrderStateType } from './order-enums.js'

/** One order of a partner in figures, for the comparison of both sides' books. */
@ObjectType('PartnerStatementRow', {
  description: "A partner's order in figures: what both sides' books must agree on.",
})
export class PartnerStatementRowType {
  @Field(() => ID, { description: 'Our own id of the order.' })
  orderId!: string

  @Field(() => String, { description: "The partner's own number of it." })
  partnerOrder!: string

  @Field(() => OrderStateType, { description: 'Where it stands.' })
  state!: OrderState

  @Field(() => MoneyType, { description: 'What the buyer paid at the partner.' })
  paid!: MoneyType

  @Field(() => MoneyType, { description: 'What went back to the buyer.' })
  refunded!: MoneyType

  @Field(() => MoneyType, { description: 'What the partner earns by it; nothing after a refund.' })
  commission!: MoneyType

  @Field(() => MoneyType, { description: 'What the partner bears of its price; nothing after a refund.' })
  subsidy!: MoneyType

  @Field(() => DateTime, { description: 'When it was placed.' })
  createdAt!: Date
}

/** A page of them. */
export const PartnerStatementConnection = connectionOf('PartnerStatementRow', () => PartnerStatementRowType)
