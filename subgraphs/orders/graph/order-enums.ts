import { registerEnumType } from 'type-graphql'

/** `OrderState` of the events, as an enum of the graph. */
export const OrderStateType = {
  RESERVED: 'RESERVED',
  PAYING: 'PAYING',
  PAID: 'PAID',
  SHIPPED: 'SHIPPED',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
  REFUNDED: 'REFUNDED',
  DEPOSIT_DUE: 'DEPOSIT_DUE',
  DEPOSIT_PAYING: 'DEPOSIT_PAYING',
  DEPOSIT_PAID: 'DEPOSIT_PAID',
  BALANCE_PAYING: 'BALANCE_PAYING',
  FORFEITED: 'FORFEITED',
} as const
registerEnumType(OrderStateType, {
  name: 'OrderState',
  description: 'Where an order stands.',
  valuesConfig: {
    RESERVED: { description: 'Its pieces are held for a while, waiting for the payment.' },
    PAYING: { description: 'A payment is under way.' },
    PAID: { description: 'It is paid and waits for its parcel.' },
    SHIPPED: { description: 'Its parcel is on the way.' },
    COMPLETED: { description: 'Its parcel has arrived.' },
    CANCELLED: { description: 'It was given up before it was paid; its pieces are free again.' },
    EXPIRED: { description: 'It was not paid in time; its pieces are free again.' },
    REFUNDED: { description: 'Its money went back, and so did its pieces.' },
    DEPOSIT_DUE: {
      description: 'It was bought in a pre-sale: its pieces are held for a while, waiting for the deposit.',
    },
    DEPOSIT_PAYING: { description: 'The payment of the deposit is under way.' },
    DEPOSIT_PAID: { description: 'Its pieces are held until the balance may be paid, and as long as it may.' },
    BALANCE_PAYING: { description: 'The payment of the balance is under way.' },
    FORFEITED: {
      description: 'Its balance was not paid: its pieces are free again, and the seller keeps the deposit.',
    },
  },
})

/** `FlashSaleState` of the events, as an enum of the graph. */
export const FlashSaleStateType = {
  SCHEDULED: 'SCHEDULED',
  OPEN: 'OPEN',
  SOLD_OUT: 'SOLD_OUT',
  CLOSED: 'CLOSED',
} as const
registerEnumType(FlashSaleStateType, {
  name: 'FlashSaleState',
  description: 'Where a flash sale stands.',
  valuesConfig: {
    SCHEDULED: { description: 'It has not begun.' },
    OPEN: { description: 'It sells.' },
    SOLD_OUT: { description: 'Nothing is left now; a reservation that expires opens it again.' },
    CLOSED: { description: 'It is over.' },
  },
})

/** `StepKind` of a price, as an enum of the graph. */
export const PriceStepKindType = {
  COMPARE_AT: 'COMPARE_AT',
  LIST: 'LIST',
  DEPOSIT: 'DEPOSIT',
  PLUS: 'PLUS',
  ROOM: 'ROOM',
  FLASH_SALE: 'FLASH_SALE',
  PLATFORM_SUBSIDY: 'PLATFORM_SUBSIDY',
  PARTNER_SUBSIDY: 'PARTNER_SUBSIDY',
  PRE_SALE: 'PRE_SALE',
  SELLER_COUPON: 'SELLER_COUPON',
  PLATFORM_COUPON: 'PLATFORM_COUPON',
} as const
registerEnumType(PriceStepKindType, {
  name: 'PriceStepKind',
  description: 'What a step of a price is about.',
  valuesConfig: {
    COMPARE_AT: { description: "The seller's reference price; it changes nothing." },
    LIST: { description: 'The list price, from which offers take off.' },
    ROOM: { description: 'The price of a live room.' },
    FLASH_SALE: { description: 'The price of a flash sale.' },
    PLUS: { description: 'The price for PLUS members.' },
    PLATFORM_SUBSIDY: { description: 'A reduction that the platform bears, or bears a part of.' },
    PARTNER_SUBSIDY: { description: "A reduction inside a partner's app that the partner bears, or bears a part of." },
    DEPOSIT: { description: 'What is paid first in a pre-sale; it changes nothing.' },
    PRE_SALE: { description: 'What the deposit of a pre-sale counts for beyond itself.' },
    SELLER_COUPON: { description: 'A coupon for the goods of one seller.' },
    PLATFORM_COUPON: { description: 'A coupon for the goods of all sellers.' },
  },
})

/** `ParcelState` as an enum of the graph. */
export const ParcelStateType = {
  WAITING: 'WAITING',
  SHIPPED: 'SHIPPED',
  RECEIVED: 'RECEIVED',
  CANCELLED: 'CANCELLED',
} as const
registerEnumType(ParcelStateType, {
  name: 'ParcelState',
  description: 'Where a parcel stands.',
  valuesConfig: {
    WAITING: { description: 'It has not left.' },
    SHIPPED: { description: 'It is on the way.' },
    RECEIVED: { description: 'It has arrived.' },
    CANCELLED: { description: 'Nothing in it is bought any more; it does not leave.' },
  },
})

/** `BackRule` as an enum of the graph. */
export const RefundRuleType = {
  IN_PROPORTION: 'IN_PROPORTION',
  E_CARD_FIRST: 'E_CARD_FIRST',
  E_CARD_LAST: 'E_CARD_LAST',
} as const
registerEnumType(RefundRuleType, {
  name: 'RefundRule',
  description: 'By which rule money goes back when an order was paid in two ways.',
  valuesConfig: {
    IN_PROPORTION: { description: 'To each way its part, in whole fen; the last part takes the rest.' },
    E_CARD_FIRST: { description: 'To the e-card until it has all of its part.' },
    E_CARD_LAST: { description: 'By the provider until it has given back all of its part.' },
  },
})

/** Where a refund stands, as an enum of the graph. */
export const RefundStateType = { DUE: 'DUE', DONE: 'DONE' } as const
registerEnumType(RefundStateType, {
  name: 'RefundState',
  description: 'Where a refund stands.',
  valuesConfig: {
    DUE: { description: 'Decided; the provider is being told.' },
    DONE: { description: 'The money is on its way to the buyer.' },
  },
})
