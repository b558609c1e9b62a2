import { batcher } from '../../../platform/batch.js'
import { Failure } from '../../../platform/failure.js'
import { placeBatch } from './place-batch.js'
import type { PlaceRequest, Placing } from './place-request.js'
import type { Shop } from './shop.js'

/** How orders are gathered into batches. */
export interface CounterTerms {
  /** Orders in one transaction. */
  readonly most: number
  /** How long the first of a batch waits for others. */
  readonly waitMs: number
  /** Orders in line; beyond it `BUSY`. */
  readonly limit: number
}

/** Where orders are placed. */
export interface Counter {
  /** Gives the order's id once it is durable; refuses with the reason why not. */
  place(request: PlaceRequest): Promise<string>
  /** Resolves when all that was asked is answered. */
  drain(): Promise<void>
}

/** Opens the counter: orders that come together are placed together, first come, first served. */
export function openCounter(shop: Shop, terms: CounterTerms): Counter {
  const line = batcher<PlaceRequest, Placing>({
    ...terms,
    clock: shop.clock,
    observer: shop.observer,
    name: 'orders.place',
    run: (requests) => placeTogether(shop, requests),
  })
  return {
    async place(request) {
      const placing = await line.ask(request)
      if ('order' in placing) return placing.order
      throw new Failure(placing.code, placing.message, { details: placing.details })
    },
    drain: () => line.drain(),
  }
}

/** When a batch fails as a whole, each request is tried alone: one that cannot be written must not take the others with it. */
async function placeTogether(shop: Shop, requests: readonly PlaceRequest[]): Promise<readonly (Placing | Error)[]> {
  try {
    return await placeBatch(shop, requests)
  } catch (error) {
    if (requests.length === 1) throw error
    shop.observer.count('orders.batch_failed')
    const answers: (Placing | Error)[] = []
    for (const request of requests) answers.push(await placeAlone(shop, request))
    return answers
  }
}

async function placeAlone(shop: Shop, request: PlaceRequest): Promise<Placing | Error> {
  try {
    const [answer] = await placeBatch(shop, [request])
    return answer ?? new Error('a request was left unanswered')
  } catch (error) {
    return error instanceof Error ? error : new Error('placing an order failed', { cause: error })
  }
}
