import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { account, balances, partOf, saleEntries, type Entry, type SoldLine } from './accounts.js'
import { allParts } from './parts.js'
import { stillMoved, undoEntries } from './undo-entries.js'

const PROVIDER = [{ account: account.provider, minor: 0 }]
const yuan = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const name = fc.constantFrom('a', 'b', 'c')
const line: fc.Arbitrary<SoldLine> = fc.record({
  id: fc.uuid(),
  seller: name,
  quantity: fc.integer({ min: 1, max: 999 }),
  total: fc.integer({ min: 0, max: 2 ** 40 }).map(yuan),
  subsidies: fc.array(fc.record({ bearer: name, amountMinor: fc.integer({ min: 0, max: 100_000 }) }), { maxLength: 3 }),
  host: some(name),
  link: some(name),
  partner: some(name),
})
const rates = fc.record({
  hostBp: fc.integer({ min: 0, max: 10_000 }),
  influencerBp: fc.integer({ min: 0, max: 10_000 }),
  partnerBp: fc.integer({ min: 0, max: 10_000 }),
})
/** The whole of some lines comes back. */
const reversed = (sale: readonly Entry[], lines: readonly SoldLine[]): readonly Entry[] => {
  const left = lines.map(({ id, quantity, total }) => ({ id, pieces: quantity, amountMinor: total.amountMinor }))
  return undoEntries(stillMoved(sale), { parts: allParts(left), paidBackTo: 'buyer:x' })
}
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0)

describe('the accounts', () => {
  it('sum to zero after any sales and returns, in any order', () => {
    const orders = fc.array(fc.tuple(fc.array(line, { maxLength: 4 }), fc.boolean()), { maxLength: 8 })
    fc.assert(
      fc.property(orders, rates, (sold, at) => {
        const entries = sold.flatMap(([lines, comesBack]) => {
          const sale = saleEntries(PROVIDER, lines, at)
          return comesBack ? [...sale, ...reversed(sale, lines)] : sale
        })
        expect(sum(balances(entries).values())).toBe(0)
      }),
    )
  })

  it('leave nobody with anything of a sale that came back, but the buyer with what he paid', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), rates, (lines, at) => {
        const sale = saleEntries(PROVIDER, lines, at)
        const paid = sum(lines.map(({ total }) => total.amountMinor))
        const left = [...balances([...sale, ...reversed(sale, lines)])].filter(([, balance]) => balance !== 0)
        expect(left.sort()).toEqual(
          paid === 0 ? [] : [['buyer:x CNY', paid] as const, ['provider CNY', -paid] as const],
        )
      }),
    )
  })

  it('take a sale from two sources, each its part of every line', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(1000), (lines, perMille) => {
        const paid = sum(lines.map(({ total }) => total.amountMinor))
        const card = Math.floor((paid * perMille) / 1000)
        const sources = [
          { account: 'held:p', minor: card },
          { account: account.provider, minor: paid - card },
        ]
        const sale = saleEntries(sources, lines, { hostBp: 0, influencerBp: 0, partnerBp: 0 })
        const held = balances(sale)
        expect([held.get('held:p CNY') ?? 0, held.get('provider CNY') ?? 0]).toEqual([-card + 0, card - paid + 0])
        for (const { id, total } of lines) {
          const of = sale.filter((entry) => entry.line === id && entry.kind === 'SALE')
          expect(sum(of.map(({ amount }) => amount.amountMinor))).toBe(total.amountMinor)
        }
      }),
    )
  })

  it('give the seller what was paid and what others bear, less the commissions', () => {
    const sold: SoldLine = {
      ...{ id: 'l', seller: 'shop', quantity: 2, total: yuan(1999), host: 'Member:h', link: 'TrackedLink:t' },
      ...{ subsidies: [{ bearer: 'platform', amountMinor: 300 }], partner: null },
    }
    const entries = saleEntries(PROVIDER, [sold], { hostBp: 500, influencerBp: 300, partnerBp: 200 })
    expect(Object.fromEntries(balances(entries))).toEqual({
      'provider CNY': -1999,
      'subsidy:platform CNY': -300,
      'host:Member:h CNY': 99,
      'influencer:TrackedLink:t CNY': 59,
      'seller:shop CNY': 1999 + 300 - 99 - 59,
    })
  })

  it('take a part in whole fen, exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 0, max: 10_000 }),
        (all, bp) => {
          expect(BigInt(partOf(yuan(all), bp).amountMinor)).toBe((BigInt(all) * BigInt(bp)) / 10_000n)
        },
      ),
    )
  })
})
