import { describe, expect, it } from 'vitest'
import { Pace } from './pace.js'

const times = (count: number, ms: number): readonly number[] => Array.from({ length: count }, () => ms)

const after = (...took: number[]): Pace => {
  const pace = new Pace()
  for (const ms of took) pace.took(ms, 0)
  return pace
}

describe('the pace of a question', () => {
  it('is not known before the first answer: it goes alone', () => {
    expect([new Pace().step(0), after(3).step(0)]).toEqual([null, 2])
  })

  it('is shared by those that take about the same time', () => {
    const steps = [3, 9, 15, 30].map((ms) => after(...times(50, ms)).step(0))
    expect(steps).toEqual([0, 0, 1, 2])
  })

  it('is slow from one very slow answer on, for a second and until it is quick again', () => {
    const pace = after(...times(50, 3), 300)
    expect(pace.step(0)).toBe(null)
    for (const ms of times(20, 2)) pace.took(ms, 10)
    expect([pace.step(500), pace.step(1_500)]).toEqual([null, 0])
  })

  it('stays slow while answers take long', () => {
    expect(after(...times(100, 60)).step(20_000)).toBe(null)
  })
})
