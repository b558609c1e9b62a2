import { batcher, type Batcher } from '../../../platform/batch.js'
import type { Database } from '../../../platform/db/database.js'
import type { Failure } from '../../../platform/failure.js'
import { onceEach } from '../../../platform/db/once-each.js'
import type { CounterTerms } from './counter.js'
import { keptKey, ownerOf, requestHash, type PlaceRequest, type Placing } from './place-request.js'
import { again } from './retry.js'
import type { Shop } from './shop.js'

/** Refusals in one transaction: nothing waits behind them, and 2,000 cost a third less each than 256 (4,000 refused at a time, best of eight rounds). */
const MOST = 2000

/** An order that the board refuses. */
export interface Refused {
  readonly request: PlaceRequest
  readonly refusal: Failure
}

/**
 * Orders for what is known to be gone, beside the line of those that may be sold: nothing of the sale is locked or read. The key is looked up
 * all the same, so that an order placed before is told again (R01), and the refusal is kept under it like any other decision.
 */
export function refusingLine(shop: Shop, terms: CounterTerms): Batcher<Refused, Placing> {
  return batcher<Refused, Placing>({
    ...terms,
    most: Math.max(terms.most, MOST),
    clock: shop.clock,
    observer: shop.observer,
    name: 'orders.refuse',
    run: (refused) => keepRefusals(shop, refused),
  })
}

/** keys looked up -> refusals kept under those that are new -> commit; what was asked before is answered as it was. */
export function keepRefusals(shop: Shop, refused: readonly Refused[]): Promise<readonly (Placing | Error)[]> {
  const deeds = refused.map(({ request }) => ({
    owner: ownerOf(request.buyer),
    key: keptKey(request),
    body: requestHash(request),
  }))
  const work = (tx: Database) =>
    onceEach<Placing>(tx, 'orders', deeds, (places) => {
      const attempts = places.flatMap((place) => {
        const refusal = refused[place]?.refusal
        return refusal === undefined ? [] : [{ kept: placingOf(refusal) }]
      })
      return Promise.resolve({ attempts, writing: Promise.resolve() })
    })
  return again(() => shop.db.transaction(work))
}

function placingOf({ code, message, details }: Failure): Placing {
  return { code, message, details }
}
