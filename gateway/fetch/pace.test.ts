import { describe, expect, it } from 'vitest'
import { Pace } from './pace.js'

const after = (...took: number[]): Pace => {
  const pace = new Pace()
  for (const ms of took) pace.took(ms, 0)
  return pace
}

describe('the pace of a question', () => {
  it('is not known before the first answer: it goes alone', () => {
    expect(new Pace().isQuick(0)).toBe(false)
    expect(after(3).isQuick(0)).toBe(true)
  })

  it('is slow from one slow answer on, for a second and until it is quick again', () => {
    const pace = after(3, 3, 3, 90)
    expect(pace.isQuick(0)).toBe(false)
    for (let at = 0; at < 20; at++) pace.took(2, 10)
    expect([pace.isQuick(500), pace.isQuick(1_500)]).toEqual([false, true])
  })

  it('stays slow while answers take long', () => {
    const pace = after(30)
    for (let at = 0; at < 100; at++) pace.took(30, at * 100)
    expect(pace.isQuick(20_000)).toBe(false)
  })
})
