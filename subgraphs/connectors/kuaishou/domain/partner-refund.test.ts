import { describe, expect, it } from 'vitest'
import { isOrderFirst, isPart, nextRefundStep, type PartnerRefund } from './partner-refund.js'

function aRefund(some: Partial<PartnerRefund> = {}): PartnerRefund {
  return {
    ...{ refundId: '1', oid: '2', seenVersion: 5, knownVersion: 5, state: 'ASKED', status: 10, negotiation: 0 },
    ...{ withReturn: false, amountMinor: 1990, leftMinor: 1990, givenMinor: 0, shopState: 'PAID', refused: null },
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
    ['is a part that is given back while the order goes on', { amountMinor: 501, shopState: 'SHIPPED' }, 'giveBack'],
    ['is approved when its part is given', { amountMinor: 501, givenMinor: 501, shopState: 'SHIPPED' }, 'approve'],
    ['asks our shop anew when another amount is wanted', { amountMinor: 502, givenMinor: 501 }, 'giveBack'],
    [
      'is a part of what our shop does not know to be paid: it waits',
      { amountMinor: 501, shopState: 'RESERVED' },
      null,
    ],
    ['is all of it where nothing was paid', { shopState: 'RESERVED' }, 'giveBack'],
    ['is approved when the order ended meanwhile', { amountMinor: 501, shopState: 'REFUNDED' }, 'approve'],
    ['rests when its part is given on both sides', { amountMinor: 501, givenMinor: 501, state: 'DONE' }, null],
    ['is rejected when our shop refuses', { refused: 'STATE_FORBIDS' }, 'reject'],
    ['rests when it was rejected', { state: 'REFUSED' }, null],
    ['rests when it is done on both sides', { state: 'DONE', shopState: 'REFUNDED' }, null],
    ['waits for the shop to know the order', { shopState: null }, null],
  ] as const)('%s', (_title, some, step) => {
    expect(nextRefundStep(aRefund(some))).toBe(step)
  })
  it('is a part while less is asked back than is left', () => {
    expect([1490, 1489].map((amountMinor) => isPart(aRefund({ amountMinor, leftMinor: 1490 })))).toEqual([false, true])
  })

  it.each([
    ['our shop does not know the order', { shopState: null }, true],
    ['a part is asked back of what it does not know to be paid', { shopState: 'RESERVED', amountMinor: 501 }, true],
    ['that is paid', { amountMinor: 501 }, false],
    ['our shop has refused', { shopState: null, refused: 'STATE_FORBIDS' }, false],
    ['it was rejected', { shopState: null, state: 'REFUSED' }, false],
  ] as const)('waits for its order or does not: %s', (_title, some, waits) => {
    expect(isOrderFirst(aRefund(some))).toBe(waits)
  })
})
