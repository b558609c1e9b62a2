import { beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../../platform/observe/observer.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import type { Facets } from '../store/count-facets.js'
import { EVERYTHING } from '../store/product-filter.js'
import { facetCounter, type FacetCounter } from './facet-counter.js'
import { productSearch } from './find-products.js'

const NONE: Facets = {
  ...{ total: 0, categories: [], brands: [], grades: [], selfOperated: 0, thirdParty: 0, prices: [], attributes: [] },
}
const everything = productSearch({ text: null, filter: EVERYTHING, sort: null })
const ofSeller = productSearch({ text: null, filter: { ...EVERYTHING, seller: 'tea' }, sort: null })

describe('the facets of a list that nothing narrows', () => {
  let clock: ReturnType<typeof fakeClock>
  let counter: FacetCounter
  let counts: number
  let fails: boolean
  beforeEach(() => {
    clock = fakeClock('2026-11-11T12:00:00Z')
    counts = 0
    fails = false
    const count = () => (fails ? Promise.reject(new Error('down')) : Promise.resolve({ ...NONE, total: ++counts }))
    counter = facetCounter({ clock, observer: silent, count })
  })
  const total = async (search = everything) => (await counter.facetsOf(search)).total

  it('are counted once for all who ask, and say when', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => counter.facetsOf(everything)))
    expect(answers.map((facets) => facets.total)).toEqual([1, 1, 1])
    await clock.advance(9_000)
    expect((await counter.facetsOf(everything)).countedAt).toEqual(new Date('2026-11-11T12:00:00Z'))
  })

  it('are given out once more while they are counted anew, and never when they are a minute old', async () => {
    await total()
    await clock.advance(11_000)
    expect([await total(), await total()]).toEqual([1, 2])
    await clock.advance(60_000)
    expect(await total()).toBe(3)
  })

  it('are counted anew after this process has written products', async () => {
    await total()
    counter.forget()
    expect(await total()).toBe(2)
  })

  it('are counted each time for a seller, and a count that failed is not kept', async () => {
    expect([await total(ofSeller), await total(ofSeller)]).toEqual([1, 2])
    fails = true
    await expect(total()).rejects.toThrow('down')
    fails = false
    expect(await total()).toBe(3)
  })

  it('are kept for so many lists and no more', async () => {
    for (let at = 0; at < 65; at++) await total({ ...everything, filter: { ...EVERYTHING, brands: [`Brand:${at}`] } })
    const before = counts
    await total({ ...everything, filter: { ...EVERYTHING, brands: ['Brand:64'] } })
    expect(counts).toBe(before)
    await total({ ...everything, filter: { ...EVERYTHING, brands: ['Brand:0'] } })
    expect(counts).toBe(before + 1)
  })
})
