import { describe, expect, it } from 'vitest'
import { ORDER_STATES } from '../../../../schema/events/orders.js'
import { isForward, isWaiting, nextStep, PARTNER_STATES, STEPS, type PartnerOrder } from './partner-order.js'

function anOrder(some: Partial<PartnerOrder> = {}): PartnerOrder {
  return {
    ...{ oid: '1', seenVersion: 5, knownVersion: 5, state: 'PAID', relSku: '7', quantity: 1, unitPriceMinor: 1990 },
    ...{
      totalMinor: 1990,
      paidAt: new Date(0),
      risky: false,
      held: false,
      refunding: false,
      addressed: true,
      addressTold: true,
      doubted: false,
      shopState: null,
    },
    ...{ refused: null, carrier: null, waybill: null },
    ...some,
  }
}

describe("a partner's order", () => {
  it.each([
    ['is looked at when something newer was told', { seenVersion: 6 }, 'look'],
    ['is looked at when it was never read', { state: null }, 'look'],
    ['has its address opened before it is placed', { addressed: false }, 'open'],
    ['is placed when the shop has not got it', {}, 'place'],
    ['is placed before it is paid', { state: 'TO_PAY' }, 'place'],
    ['is confirmed when it is paid', { shopState: 'RESERVED' }, 'confirm'],
    ['is looked at when something was told of it without a version', { doubted: true }, 'look'],
    [
      'tells the shop where it goes when it was reserved without',
      { shopState: 'RESERVED', addressTold: false },
      'address',
    ],
    ['tells the shop when it goes elsewhere before it has left', { shopState: 'PAID', addressTold: false }, 'address'],
    ['is sent where it was going when it has left', { shopState: 'SHIPPED', addressTold: false }, null],
    ['is not confirmed while it is unpaid', { shopState: 'RESERVED', state: 'TO_PAY' }, null],
    ['is not confirmed while the partner reviews it', { shopState: 'RESERVED', held: true }, null],
    ['is told there when it was shipped', { shopState: 'SHIPPED', waybill: 'SF1' }, 'deliver'],
    ['is not told there while shipping is forbidden', { shopState: 'SHIPPED', waybill: 'SF1', held: true }, null],
    ['is received when the buyer has it', { shopState: 'SHIPPED', waybill: 'SF1', state: 'RECEIVED' }, 'receive'],
    ['is cancelled when it was closed unpaid', { shopState: 'RESERVED', state: 'CLOSED' }, 'cancel'],
    ['is given back when it was closed paid', { shopState: 'PAID', state: 'CLOSED' }, 'giveBack'],
    ['is closed there when the shop refused it', { refused: 'STOCK_SHORT' }, 'close'],
    ['is closed there when the partner warns of it', { risky: true, shopState: 'RESERVED' }, 'close'],
    ['is closed there when the shop gave the money back', { shopState: 'REFUNDED' }, 'close'],
    ['is left to its refund while that is not decided', { shopState: 'REFUNDED', refunding: true }, null],
    [
      'is closed there when the shop never had it, whatever is asked back',
      { refused: 'STOCK_SHORT', refunding: true },
      'close',
    ],
    ['rests when both sides are at their end', { shopState: 'REFUNDED', state: 'CLOSED' }, null],
  ] as const)('%s', (_title, some, step) => {
    expect(nextStep(anOrder(some))).toBe(step)
  })

  it('comes to rest from every pair of states', () => {
    for (const state of PARTNER_STATES)
      for (const shopState of [null, ...ORDER_STATES]) {
        const step = nextStep(anOrder({ state, shopState, waybill: 'SF1' }))
        expect(step === null || STEPS.some((one) => one.step === step)).toBe(true)
      }
  })

  it('is watched while the partner may lift a review silently', () => {
    expect([isWaiting(anOrder({ held: true })), isWaiting(anOrder({ held: true, state: 'SENT' }))]).toEqual([
      true,
      false,
    ])
  })

  it('never goes back because an event came late', () => {
    expect([isForward('PAID', 'RESERVED'), isForward('PAID', 'PAID'), isForward('PAID', 'SHIPPED')]).toEqual([
      ...[false, false, true],
    ])
  })
})
