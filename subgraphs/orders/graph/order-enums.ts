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
  ROOM: 'ROOM',
  FLASH_SALE: 'FLASH_SALE',
} as const
registerEnumType(PriceStepKindType, {
  name: 'PriceStepKind',
  description: 'What a step of a price is about.',
  valuesConfig: {
    COMPARE_AT: { description: "The seller's reference price; it changes nothing." },
    LIST: { description: 'The list price, from which offers take off.' },
    ROOM: { description: 'The price of a live room.' },
    FLASH_SALE: { description: 'The price of a flash sale.' },
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
