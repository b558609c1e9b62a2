import { batcher } from '../../../platform/batch.js'
import { Failure } from '../../../platform/failure.js'
import { placeBatch } from './place-batch.js'
import type { PlaceRequest, Placing } from './place-request.js'
import { keepRefusals, refusingLine } from './refuse-early.js'
import type { SaleBoard } from './sale-board.js'
import type { Shop } from './shop.js'

/** How orders are gathered into batches. */
export interface CounterTerms {
  /** Orders in one transaction. */
  readonly most: number
  /** How long the first of a batch waits for others. */
  readonly waitMs: number
  /** Orders in line; beyond it `BUSY`. */
  readonly limit: number
  /** How long one may have to wait; whoever would wait longer is `BUSY` as well. */
  readonly patienceMs?: number
}

/** Where orders are placed. */
export interface Counter {
  /** Gives the order's id once it is durable; refuses with the reason why not. */
  place(request: PlaceRequest): Promise<string>
  /** Resolves when all that was asked is answered. */
  drain(): Promise<void>
}

/** Opens the counter: orders that come together are placed together, first come, first served; what the board knows to be gone stands in no line of theirs. */
export function openCounter(shop: Shop, terms: CounterTerms, board: SaleBoard | null = null): Counter {
  const refusing = refusingLine(shop, terms)
  const line = batcher<PlaceRequest, Placing>({
    ...terms,
    clock: shop.clock,
    observer: shop.observer,
    name: 'orders.place',
    run: (requests) => placeOrRefuse(shop, board, requests),
  })
  return {
    async place(request) {
      const refusal = refusalBy(board, request)
      const placing = await (refusal === null
        ? (line.refusal() ?? line.ask(request))
        : refusing.ask({ request, refusal }))
      if (placing instanceof Failure) throw placing // too many stand in the line
      if ('order' in placing) return placing.order
      throw new Failure(placing.code, placing.message, { details: placing.details })
    },
    async drain() {
      await Promise.all([line.drain(), refusing.drain()])
    },
  }
}

/** What a partner orders is known by its number, which the rows alone know. */
function refusalBy(board: SaleBoard | null, { partnerOrder, lines }: PlaceRequest): Failure | null {
  return partnerOrder === null ? (board?.refusal(lines) ?? null) : null
}

/** Who stood in the line while it was sold out before him waits for no row of it either. */
async function placeOrRefuse(
  shop: Shop,
  board: SaleBoard | null,
  requests: readonly PlaceRequest[],
): Promise<readonly (Placing | Error)[]> {
  const refusals = requests.map((request) => refusalBy(board, request))
  const refused = requests.flatMap((request, at) => {
    const refusal = refusals[at] ?? null
    return refusal === null ? [] : [{ request, refusal }]
  })
  if (refused.length === 0) return placeTogether(shop, requests)
  const rest = requests.filter((_, at) => refusals[at] === null)
  const [placed, gone] = await Promise.all([
    rest.length === 0 ? [] : placeTogether(shop, rest),
    keepRefusals(shop, refused),
  ])
  const [ofRest, ofRefused] = [placed.values(), gone.values()]
  return refusals.map((refusal) => {
    const { value } = (refusal === null ? ofRest : ofRefused).next()
    return value ?? new Error('a request was left unanswered')
  })
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
