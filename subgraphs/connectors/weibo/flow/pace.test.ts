import { describe, expect, it } from 'vitest'
import { sweepEveryMs } from './pace.js'

const usual = { pollMs: 240_000, callsPerDay: 70, callsPerHour: 12_000 }

describe('the pace of sweeps', () => {
  it('is the poll’s own while the quotas are enough', () => {
    expect(sweepEveryMs({ ...usual, posts: 1_000, accounts: 1_000 })).toBe(240_000)
  })

  it("slows down so that few accounts' calls last the day", () => {
    const everyMs = sweepEveryMs({ ...usual, posts: 250, accounts: 1 })
    expect((86_400_000 / everyMs) * 3).toBeLessThanOrEqual(70)
  })

  it("slows down so that our address's calls last the hour: 200,000 posts are at most six sweeps", () => {
    const everyMs = sweepEveryMs({ ...usual, posts: 200_000, accounts: 200_000 })
    expect((3_600_000 / everyMs) * 2_000).toBeLessThanOrEqual(12_000)
  })
})
