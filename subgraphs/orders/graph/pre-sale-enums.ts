import { registerEnumType } from 'type-graphql'

/** `PreSaleState` of the domain, as an enum of the graph. */
export const PreSaleStateType = {
  SCHEDULED: 'SCHEDULED',
  OPEN: 'OPEN',
  SOLD_OUT: 'SOLD_OUT',
  DEPOSITS_CLOSED: 'DEPOSITS_CLOSED',
  BALANCE_OPEN: 'BALANCE_OPEN',
  ENDED: 'ENDED',
} as const
registerEnumType(PreSaleStateType, {
  name: 'PreSaleState',
  description: 'Where a pre-sale stands.',
  valuesConfig: {
    SCHEDULED: { description: 'It has not begun.' },
    OPEN: { description: 'It takes deposits.' },
    SOLD_OUT: { description: 'It takes no deposits now; an order that is given up opens it again.' },
    DEPOSITS_CLOSED: { description: 'It takes no more deposits, and no balances yet.' },
    BALANCE_OPEN: { description: 'Who paid a deposit pays the rest.' },
    ENDED: { description: 'It is over, or was called off.' },
  },
})

/** `DepositRule` of the domain, as an enum of the graph. */
export const DepositRuleType = { FORFEIT: 'FORFEIT', GIVE_BACK: 'GIVE_BACK' } as const
registerEnumType(DepositRuleType, {
  name: 'DepositRule',
  description: 'What becomes of a deposit whose order is not paid in the end.',
  valuesConfig: {
    FORFEIT: { description: 'The seller keeps it.' },
    GIVE_BACK: { description: 'It goes back to the member.' },
  },
})
