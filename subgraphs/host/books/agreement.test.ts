import { describe, expect, it } from 'vitest'
import { compareBooks, type Booked } from './agreement.js'

const sold = (order: string, changed: Partial<Booked> = {}): Booked => ({
  ...{ order, end: 'sold', paidMinor: 1990, refundedMinor: 0, commissionMinor: 99, subsidyMinor: 0 },
  ...changed,
})
const found = (ours: readonly Booked[], theirs: readonly Booked[]) =>
  compareBooks(ours, theirs).differences.map(({ order, what }) => `${order} ${what}`)

describe('two books of a day', () => {
  it('agree when they say the same of every order', () => {
    expect(compareBooks([sold('1'), sold('2')], [sold('2'), sold('1')])).toMatchObject({
      ...{ orders: 2, undecided: 0, oursMinor: 3980, theirsMinor: 3980, differences: [] },
    })
  })

  it.each([
    ['an order that only they have', [], [sold('1')], '1 MISSING_HERE'],
    ['an order that only we have', [sold('1')], [], '1 MISSING_THERE'],
    ['another end', [sold('1', { end: 'open' })], [sold('1')], '1 STATE'],
    ['a fen', [sold('1')], [sold('1', { paidMinor: 1991 })], '1 PAID'],
    ['a refund', [sold('1', { refundedMinor: 1990 })], [sold('1')], '1 REFUNDED'],
    ['a commission', [sold('1')], [sold('1', { commissionMinor: 100 })], '1 COMMISSION'],
    ['a subsidy', [sold('1', { subsidyMinor: 300 })], [sold('1')], '1 SUBSIDY'],
    ['an order that they booked twice', [sold('1')], [sold('1'), sold('1', { paidMinor: 1 })], '1 DOUBLED'],
  ])('differ by %s', (_what, ours, theirs, line) => {
    expect(found(ours, theirs)).toEqual([line])
  })

  it('do not differ by an order that ended without money on the one side only', () => {
    const gone = sold('1', { end: 'gone', paidMinor: 0, commissionMinor: 0 })
    expect(found([gone], [])).toEqual([])
    expect(found([], [sold('1', { end: 'gone', refundedMinor: 1990 })])).toEqual([])
    expect(found([gone], [sold('1', { end: 'gone', refundedMinor: 1990, commissionMinor: 0 })])).toEqual([])
  })

  it('do not differ by what one side cannot say yet, and count it', () => {
    expect(compareBooks([sold('1')], [sold('1', { commissionMinor: null })])).toMatchObject({
      ...{ undecided: 1, differences: [] },
    })
  })
})
