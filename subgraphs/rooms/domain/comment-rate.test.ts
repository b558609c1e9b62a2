import { describe, expect, it } from 'vitest'
import { counted, sampled, type RateCount } from './comment-rate.js'

const at = (seconds: number): Date => new Date(seconds * 1000)

describe('a count of comments', () => {
  it('takes as many in a minute as are allowed, and goes on in the next', () => {
    let count: RateCount | null = null
    for (const second of [0, 1, 2]) count = counted(count, at(second), 3)
    expect(count).toEqual({ since: at(0), count: 3 })
    expect(counted(count, at(59), 3)).toBeNull()
    expect(counted(count, at(60), 3)).toEqual({ since: at(60), count: 1 })
  })

  it('takes none where none is allowed', () => {
    expect(counted(null, at(0), 0)).toBeNull()
  })
})

describe('a sample of comments', () => {
  const shownOf = (perMinute: number, seconds: readonly number[]): readonly number[] => {
    let count: RateCount | null = null
    return seconds.filter((second) => {
      const next = sampled(count, at(second), perMinute)
      count = next ?? count
      return next !== null
    })
  }

  it('has as many as the rate allows, spread over the minute', () => {
    const everyTenth = Array.from({ length: 600 }, (_, nth) => nth / 10)
    expect(shownOf(120, everyTenth)).toHaveLength(120)
    expect(shownOf(6, everyTenth)).toEqual([0, 10, 20, 30, 40, 50])
    expect(shownOf(0, everyTenth)).toEqual([])
  })

  it('has all of a crowd that stays below the rate', () => {
    expect(shownOf(120, [0, 0.5, 1, 1.5, 2])).toEqual([0, 0.5, 1, 1.5, 2])
  })
})
