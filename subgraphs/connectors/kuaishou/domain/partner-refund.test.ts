import { describe, expect, it } from 'vitest'
import { nextRefundStep, type PartnerRefund } from './partner-refund.js'

function aRefund(some: Partial<PartnerRefund> = {}): PartnerRefund {
  return {
    ...{ refundId: '1', oid: '2', seenVersion: 5, knownVersion: 5, state: 'ASKED', status: 10, negotiation: 0 },
    ...{ withReturn: false, amountMinor: 1990, shopState: 'PAID', refused: null },
    ...some,
  }
}

describe('a refund that was asked for at the partner', () => {
  it.each([
    ['is looked at when something newer was told', { seenVersion: 6 }, 'look'],
    ['is given back by our shop first', {}, 'giveBack'],
    ['is approved when our shop has given back', { shopState: 'REFUNDED' }, 'approve'],
    ['lets sent goods come back before the money goes', { withReturn: true, shopState: 'SHIPPED' }, 'approveReturn'],
    ['waits while the goods travel', { withReturn: true, shopState: 'SHIPPED', state: 'RETURNING' }, null],
    [
      'is given back when the goods are back',
      { withReturn: true, shopState: 'SHIPPED', state: 'RETURNED' },
      'giveBack',
    ],
    [
      'is confirmed when both are back',
      { withReturn: true, shopState: 'REFUNDED', state: 'RETURNED' },
      'confirmReturn',
    ],
    ['is given back when the partner has paid by itself', { state: 'DONE' }, 'giveBack'],
    ['is rejected when our shop refuses', { refused: 'STATE_FORBIDS' }, 'reject'],
    ['rests when it was rejected', { state: 'REFUSED' }, null],
    ['rests when it is done on both sides', { state: 'DONE', shopState: 'REFUNDED' }, null],
    ['waits for the shop to know the order', { shopState: null }, null],
  ] as const)('%s', (_title, some, step) => {
    expect(nextRefundStep(aRefund(some))).toBe(step)
  })
})
