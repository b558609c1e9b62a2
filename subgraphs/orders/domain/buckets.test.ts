import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BucketFill, bucketsOf, divide, dividedId } from './buckets.js'

const buckets = (...free: readonly number[]) =>
  free.map((quota, bucket) => ({ bucket, quota, held: 0, sold: 0, returned: 0 }))

describe('the buckets of a sale', () => {
  it('are written in its id', () => {
    expect([bucketsOf(dividedId('FlashSale:a', 8)), bucketsOf('FlashSale:a')]).toEqual([8, 1])
  })

  it('are as equal as whole pieces are', () => {
    expect(divide(10, 4)).toEqual([3, 3, 2, 2])
    expect(divide(2, 4)).toEqual([1, 1, 0, 0])
  })

  it('are emptied one after the other, and a line is never torn', () => {
    const fill = new BucketFill(buckets(2, 3))
    expect([fill.take(1), fill.take(2), fill.take(1)]).toEqual([0, 1, 0])
    expect(fill.moved.size).toBe(0)
  })

  it('give each other quota where none has a whole line left', () => {
    const fill = new BucketFill(buckets(1, 2, 1))
    expect(fill.take(4)).toBe(0)
    expect(fill.moved).toEqual(new Map([[0, 3], [1, -2], [2, -1]])) // prettier-ignore
    expect(() => fill.take(1)).toThrow('more was taken')
  })

  it('give all that they have together, no piece more, and no quota is made or lost', () => {
    const pieces = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 1, max: 4 })), (free, lines) => {
        const fill = new BucketFill(buckets(...free))
        const held = free.map(() => 0)
        let left = free.reduce((sum, one) => sum + one, 0)
        for (const quantity of lines) {
          if (quantity > left) {
            expect(() => fill.take(quantity)).toThrow()
            break
          }
          const bucket = fill.take(quantity)
          held[bucket] = (held[bucket] ?? 0) + quantity
          left -= quantity
        }
        const moved = free.map((_, bucket) => fill.moved.get(bucket) ?? 0)
        if (left >= 0 && fill.moved.size > 0) expect(moved.reduce((sum, one) => sum + one, 0)).toBe(0)
        for (const [bucket, quota] of free.entries())
          expect(held[bucket]).toBeLessThanOrEqual(quota + (moved[bucket] ?? 0))
      }),
    )
  })
})
