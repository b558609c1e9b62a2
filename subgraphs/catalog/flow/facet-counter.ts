import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { Facets } from '../store/count-facets.js'
import type { ProductSearch } from '../store/search-products.js'

/** What the whole list could be narrowed by, and when that was counted. */
export interface CountedFacets extends Facets {
  readonly countedAt: Date
}

/** What counting works with; `count` reads every row of a list that neither words nor a seller narrow. */
export interface CounterGround {
  readonly clock: Clock
  readonly observer: Observer
  readonly count: (search: ProductSearch) => Promise<Facets>
}

/** Counts facets. */
export interface FacetCounter {
  facetsOf(search: ProductSearch): Promise<CountedFacets>
  /** This process has written products: nothing that was counted before is given out again. */
  forget(): void
}

/** For so long figures are given out again; older ones are too for the moment while they are counted anew, up to the second bound. */
const FRESH_MS = 10_000
const OLDEST_MS = 60_000
/** Kept lists; the one that was not asked for the longest makes room. */
const MOST_KEPT = 64

interface Kept {
  readonly facets: Promise<CountedFacets>
  readonly at: number
  renewing: boolean
}

/**
 * A list of words or of a seller is counted each time. One that is broader reads every row (bench/catalog/search.ts), and many ask for the
 * same: its figures are kept, and say when they were counted.
 */
export function facetCounter({ clock, observer, count }: CounterGround): FacetCounter {
  const kept = new Map<string, Kept>()

  return {
    facetsOf(search) {
      if (search.typed !== null || search.filter.seller !== null) return counted(search)
      const key = JSON.stringify(search.filter)
      const known = kept.get(key)
      const age = known === undefined ? Infinity : clock.now().getTime() - known.at
      observer.count('catalog.facets', { outcome: age < OLDEST_MS ? 'kept' : 'counted' })
      if (known === undefined || age >= OLDEST_MS) return keep(key, search)
      touch(key, known)
      if (age >= FRESH_MS && !known.renewing) renew(key, search, known)
      return known.facets
    },
    forget: () => kept.clear(),
  }

  async function counted(search: ProductSearch): Promise<CountedFacets> {
    const countedAt = clock.now()
    return { ...(await count(search)), countedAt }
  }

  /** Whoever comes while it is counted waits for the same count; one that failed is not kept. */
  function keep(key: string, search: ProductSearch): Promise<CountedFacets> {
    const entry = { facets: counted(search), at: clock.now().getTime(), renewing: false }
    touch(key, entry)
    entry.facets.catch(() => {
      if (kept.get(key) === entry) kept.delete(key)
    })
    return entry.facets
  }

  function renew(key: string, search: ProductSearch, old: Kept): void {
    old.renewing = true
    const entry = { facets: counted(search), at: clock.now().getTime(), renewing: false }
    entry.facets.then(
      () => {
        if (kept.get(key) === old) touch(key, entry)
      },
      (error: unknown) => {
        old.renewing = false
        observer.log('warn', 'facets were not counted anew', { error })
      },
    )
  }

  function touch(key: string, entry: Kept): void {
    kept.delete(key)
    kept.set(key, entry)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  }
}
