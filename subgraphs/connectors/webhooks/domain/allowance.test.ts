import { describe, expect, it } from 'vitest'
import { draw, type Use } from './allowance.js'

const AT = new Date('2026-11-11T12:00:10.000Z')
const later = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000)
const UNUSED: Use = { minute: 0, minuteUsed: 0, day: 0, dayUsed: 0 }
const NONE = { count: 0, minute: 0 }
const QUOTA = { perMinute: 100, perDay: 250 }

/** Draws until nothing is left, and says how much that was. */
function drained(from: Use, at: Date): { readonly granted: number; readonly use: Use; readonly after: number } {
  let [use, granted] = [from, 0]
  for (;;) {
    const drawn = draw(use, QUOTA, { count: 1, back: NONE }, at)
    if (drawn.granted === 0) return { granted, use: drawn.use, after: drawn.retryAfterSeconds }
    granted += drawn.granted
    use = drawn.use
  }
}

describe('a quota', () => {
  it('is given in blocks that come to no more than a minute’s, and again in the next', () => {
    expect(draw(UNUSED, QUOTA, { count: 1, back: NONE }, AT).granted).toBe(5)
    const first = drained(UNUSED, AT)
    expect([first.granted, first.after]).toEqual([100, 50])
    expect(drained(first.use, later(50)).granted).toBe(100)
  })

  it('ends with the day’s, and begins again at midnight in China', () => {
    const third = drained(drained(drained(UNUSED, AT).use, later(60)).use, later(120))
    expect(third.granted).toBe(50)
    expect(third.after).toBe(4 * 3600 - 130)
    expect(drained(third.use, later(third.after + 120)).granted).toBe(100)
  })

  it('grants an operation whole or not at all', () => {
    expect(draw(UNUSED, QUOTA, { count: 60, back: NONE }, AT).granted).toBe(60)
    const used = draw(UNUSED, QUOTA, { count: 60, back: NONE }, AT).use
    expect(draw(used, QUOTA, { count: 60, back: NONE }, AT)).toMatchObject({ granted: 0, use: used })
    expect(draw(used, QUOTA, { count: 40, back: NONE }, AT).granted).toBe(40)
  })

  it('takes back what was drawn and not used, of the minute only within it', () => {
    const { use } = draw(UNUSED, QUOTA, { count: 1, back: NONE }, AT)
    const back = { count: 4, minute: use.minute }
    expect(draw(use, QUOTA, { count: 1, back }, AT).use).toMatchObject({ minuteUsed: 6, dayUsed: 6 })
    expect(draw(use, QUOTA, { count: 1, back }, later(60)).use).toMatchObject({ minuteUsed: 5, dayUsed: 6 })
  })
})
