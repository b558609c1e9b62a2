import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BACK_RULES, backToCharges, backToECard } from './means.js'

describe('money that goes back by several charges', () => {
  it('is what goes back exactly, never more of a charge than it took, and the last charge first', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.array(fc.nat(1000), { maxLength: 10 }), (balance, deposit, asked) => {
        const back: [number, number] = [0, 0]
        const give = (nowMinor: number): void => {
          const charges = [balance, deposit].map((minor, at) => ({ minor, backMinor: back[at] ?? 0 }))
          const [first = 0, second = 0] = backToCharges(charges, nowMinor)
          expect(first + second).toBe(nowMinor)
          expect(second === 0 || back[0] + first === balance).toBe(true)
          back[0] += first
          back[1] += second
        }
        for (const wanted of asked) give(Math.min(wanted, balance + deposit - back[0] - back[1]))
        give(balance + deposit - back[0] - back[1])
        expect(back).toEqual([balance, deposit])
        expect(() => backToCharges([{ minor: balance, backMinor: balance }], 1)).toThrow('more would go back')
      }),
    )
  })
})

describe('money that goes back in two ways', () => {
  it('is never more than was paid in either, and ends with exactly that, in whatever parts', () => {
    const parts = fc.array(fc.nat(1000), { maxLength: 10 })
    fc.assert(
      fc.property(fc.constantFrom(...BACK_RULES), fc.nat(5000), fc.nat(5000), parts, (rule, eCard, provider, asked) => {
        const first = { eCardMinor: Math.floor(eCard / 2), providerMinor: provider, rule }
        let means = first
        const back = { eCard: 0, provider: 0 }
        const give = (wanted: number): void => {
          const beforeMinor = back.eCard + back.provider
          const nowMinor = Math.min(wanted, means.eCardMinor + provider - beforeMinor)
          const card = backToECard(means, { beforeMinor, beforeToECard: back.eCard, nowMinor })
          expect(card).toBeGreaterThanOrEqual(0)
          expect(nowMinor - card).toBeGreaterThanOrEqual(0)
          back.eCard += card
          back.provider += nowMinor - card
        }
        for (const wanted of asked.slice(0, 5)) give(wanted)
        means = { ...first, eCardMinor: eCard } // more is paid in between
        for (const wanted of asked.slice(5)) give(wanted)
        expect(back.eCard).toBeLessThanOrEqual(eCard)
        expect(back.provider).toBeLessThanOrEqual(provider)
        give(eCard + provider)
        expect(back).toEqual({ eCard, provider })
      }),
    )
  })

  it('goes by the rule that is named', () => {
    const means = { eCardMinor: 400, providerMinor: 600 }
    const first = (rule: (typeof BACK_RULES)[number]) =>
      backToECard({ ...means, rule }, { beforeMinor: 0, beforeToECard: 0, nowMinor: 500 })
    expect(BACK_RULES.map(first)).toEqual([200, 400, 0])
  })
})
