import { describe, expect, it } from 'vitest'
import { counted, type RateCount } from './comment-rate.js'

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
