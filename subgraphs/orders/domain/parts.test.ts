import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { account, balances, saleEntries, type Entry, type SoldLine } from './accounts.js'
import { allParts, decideParts, ofPieces, partsOfAmount, type LineLeft, type PartAsked } from './parts.js'
import { perPiece } from './split.js'
import { stillMoved, undoEntries } from './undo-entries.js'

const PROVIDER = [{ account: account.provider, minor: 0 }]
const yuan = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0)
const RATES = { hostBp: 517, influencerBp: 303, partnerBp: 200 }

const sold: fc.Arbitrary<readonly SoldLine[]> = fc
  .array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 7 }),
      total: fc.integer({ min: 0, max: 10_000 }).map(yuan),
      subsidies: fc.array(fc.record({ bearer: fc.constantFrom('a', 'b'), amountMinor: fc.nat(999) }), { maxLength: 2 }),
      host: fc.constantFrom('h', null),
      link: fc.constantFrom('l', null),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((lines) => lines.map((line, at) => ({ ...line, id: `L${at}`, seller: 's', partner: null })))
/** Which line, and how much of it: whatever is not there is refused. */
const wishes = fc.array(fc.tuple(fc.nat(2), fc.nat(7), fc.option(fc.integer({ min: 1, max: 10_000 }))), {
  maxLength: 12,
})

/** Lines that are undone part by part, as an order's are. */
class Undoing {
  left: readonly LineLeft[]
  entries: readonly Entry[]

  constructor(lines: readonly SoldLine[]) {
    this.left = lines.map(({ id, quantity, total }) => ({ id, pieces: quantity, amountMinor: total.amountMinor }))
    this.entries = saleEntries(PROVIDER, lines, RATES)
  }

  undo(asked: readonly PartAsked[] | 'all'): number {
    const parts = asked === 'all' ? allParts(this.left) : decideParts(this.left, asked)
    this.entries = [...this.entries, ...undoEntries(stillMoved(this.entries), { parts, paidBackTo: 'buyer:x' })]
    this.left = this.left.map((line) => {
      const part = parts.find((one) => one.line === line.id)
      if (part === undefined) return line
      return { ...line, pieces: line.pieces - part.pieces, amountMinor: line.amountMinor - part.amountMinor }
    })
    return sum(parts.map(({ amountMinor }) => amountMinor))
  }

  tryUndo(asked: readonly PartAsked[]): number {
    try {
      return this.undo(asked)
    } catch {
      return 0
    }
  }

  held(name: string): number {
    return balances(this.entries).get(`${name} CNY`) ?? 0
  }
}

describe('parts of an order', () => {
  it('never give back more than was paid, and all of it when all is given back, in whatever parts', () => {
    fc.assert(
      fc.property(sold, wishes, (lines, parts) => {
        const order = new Undoing(lines)
        const paid = sum(lines.map(({ total }) => total.amountMinor))
        let back = 0
        for (const [line, pieces, amountMinor] of parts) {
          back += order.tryUndo([{ line: `L${line}`, pieces: amountMinor === null ? pieces : 0, amountMinor }])
          expect(back).toBeLessThanOrEqual(paid)
          expect(order.held('buyer:x')).toBe(back)
          expect(order.left.every(({ amountMinor: rest }) => rest >= 0)).toBe(true)
        }
        expect(back + order.undo('all')).toBe(paid)
        const kept = [...balances(order.entries)].filter(([, balance]) => balance !== 0)
        expect(kept.filter(([name]) => !/^(buyer|provider)/.test(name))).toEqual([])
      }),
    )
  })

  it('leave nobody owing more than he had of it, on the way', () => {
    fc.assert(
      fc.property(sold, wishes, (lines, parts) => {
        const order = new Undoing(lines)
        for (const [line, pieces] of parts) order.tryUndo([{ line: `L${line}`, pieces, amountMinor: null }])
        for (const earner of ['host:h', 'influencer:l']) expect(order.held(earner)).toBeGreaterThanOrEqual(0)
        for (const bearer of ['subsidy:a', 'subsidy:b']) expect(order.held(bearer)).toBeLessThanOrEqual(0)
        expect(sum(balances(order.entries).values())).toBe(0)
      }),
    )
  })

  it('come to the same at once as one by one, the cheaper pieces first, as the line shows them', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 50 }), fc.nat(50), (total, quantity, some) => {
        const pieces = Math.min(some, quantity)
        const one = Array.from({ length: quantity }, (_, done) => {
          const gone = done === 0 ? 0 : ofPieces(total, quantity, done)
          return ofPieces(total - gone, quantity - done, 1)
        })
        expect(sum(one.slice(0, pieces))).toBe(ofPieces(total, quantity, pieces))
        const shown = perPiece(total, quantity).flatMap((run) =>
          Array.from({ length: run.quantity }, () => run.eachMinor),
        )
        expect(one).toEqual(shown.toSorted((a, b) => a - b))
      }),
    )
  })

  it('that are an amount of the order add up to it, leave no line below nothing, and are all of it when it is all that is left', () => {
    const some = fc.record({ pieces: fc.integer({ min: 1, max: 7 }), amountMinor: fc.nat(10_000) })
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 4 }), fc.nat(40_000), (lines, asked) => {
        const left = lines.map((line, at) => ({ ...line, id: `L${at}` }))
        const all = sum(left.map(({ amountMinor }) => amountMinor))
        if (all === 0) return
        const amount = 1 + (asked % all)
        const parts = partsOfAmount(left, amount)
        expect(sum(parts.map(({ amountMinor }) => amountMinor))).toBe(amount)
        for (const part of parts)
          expect(part.amountMinor).toBeLessThanOrEqual(left.find(({ id }) => id === part.line)?.amountMinor ?? -1)
        if (amount === all) expect(parts.map(({ pieces }) => pieces)).toEqual(left.map(({ pieces }) => pieces))
        else expect(parts.every(({ pieces }) => pieces === 0)).toBe(true)
        expect(() => partsOfAmount(left, all + 1)).toThrow(`${all} is left`)
      }),
    )
  })

  it('are refused when a line is named twice, is unknown or has less', () => {
    const left = [{ id: 'L', pieces: 2, amountMinor: 10 }]
    const pieces = (line: string, count: number) => ({ line, pieces: count, amountMinor: null })
    expect(() => decideParts(left, [pieces('L', 1), pieces('L', 1)])).toThrow('no such line')
    expect(() => decideParts(left, [pieces('M', 1)])).toThrow('no such line')
    expect(() => decideParts(left, [pieces('L', 3)])).toThrow('2 are left')
    expect(() => decideParts(left, [pieces('L', 0)])).toThrow('2 are left')
    expect(() => decideParts(left, [{ line: 'L', pieces: 0, amountMinor: 11 }])).toThrow('10 is left')
  })
})
