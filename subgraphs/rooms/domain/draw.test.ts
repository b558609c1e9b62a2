import { describe, expect, it } from 'vitest'
import { commitmentOf, drawHolds, ranking, rootOf } from './draw.js'

/** The reference vector that our documentation publishes. */
const VECTOR = {
  seed: '5f1d3b0c9a7e2468ace013579bdf02468ace13579bdf02468ace13579bdf0246',
  commitment: '3a6a08f9525358a9aa8d25c77991b4348bdc86afd2fee7ce965d4a3c4ee7ae77',
  root: '51f8ac038f53bce35e089722812549381c3c21f9ff5d2f7ec9f9c1750d470c0a',
  beacon: '101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec',
}
const ENTRANTS = ['u-1003', 'u-1001', 'u-1005', 'u-1002', 'u-1004']
const seed = Buffer.from(VECTOR.seed, 'hex')

describe('a draw', () => {
  it('promises its seed by the hash of its bytes', () => {
    expect(commitmentOf(seed)).toBe(VECTOR.commitment)
  })

  it('binds its entrants by a root that neither their order nor a repetition changes', () => {
    expect(rootOf(ENTRANTS)).toBe(VECTOR.root)
    expect(rootOf([...ENTRANTS, 'u-1001'].reverse())).toBe(VECTOR.root)
  })

  it('ranks the entrants as the reference vector does', () => {
    const ranked = ranking(seed, VECTOR.beacon, ENTRANTS)
    expect(ranked.map((one) => one.entrant)).toEqual(['u-1005', 'u-1004', 'u-1003', 'u-1001', 'u-1002'])
    expect(ranked.map((one) => one.score.slice(0, 8)).slice(0, 2)).toEqual(['0b49f6da', '606c9602'])
  })

  it('can be drawn again by anybody from what is public', () => {
    expect(drawHolds(VECTOR, ENTRANTS, ['u-1005', 'u-1004'])).toBe(true)
    expect(drawHolds(VECTOR, ENTRANTS, ['u-1004', 'u-1005'])).toBe(false)
    expect(drawHolds(VECTOR, [...ENTRANTS, 'u-1006'], ['u-1005'])).toBe(false)
    expect(drawHolds({ ...VECTOR, seed: VECTOR.seed.replace('5', '6') }, ENTRANTS, ['u-1005'])).toBe(false)
  })

  it('has no winners when nobody entered', () => {
    expect(ranking(seed, VECTOR.beacon, [])).toEqual([])
  })
})
