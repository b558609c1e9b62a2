import type { Database } from '../../../platform/db/database.js'
import { onceEach, type Attempt, type Done } from '../../../platform/db/once-each.js'
import { Failure } from '../../../platform/failure.js'
import { refuse } from '../../../schema/refuse.js'
import { findPartnerPurchases } from '../store/purchases.js'
import { keepAddresses } from '../store/sealed-addresses.js'
import { batchFacts, decideBatch, sawTooLittle, type BatchFacts } from './decide-batch.js'
import { keptKey, ownerOf, requestHash, type PlaceRequest, type Placing } from './place-request.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'
import { writeOrders, type Granted } from './write-orders.js'

/** Decisions about goods are kept under their key; what could not be understood or is not known yet may be asked again. */
const KEPT: ReadonlySet<string> = new Set(['STOCK_SHORT', 'LIMIT_PER_MEMBER', 'OFFER_CLOSED', 'PRICE_CHANGED'])

/**
 * Many orders, one transaction: what was asked before is answered from memory, the rest is priced and given by arrival under
 * the locks of its sales and stock, then written by set-based statements: two journeys to the database and the commit. Nothing is
 * answered before the commit.
 */
export async function placeBatch(shop: Shop, requests: readonly PlaceRequest[]): Promise<readonly (Placing | Error)[]> {
  try {
    return await placeSeeing(shop, requests, { whole: false })
  } catch (error) {
    if (!(error instanceof SawTooLittle)) throw error
    return await placeSeeing(shop, requests, { whole: true })
  }
}

/** Nothing was written: of a divided sale all must be locked. */
class SawTooLittle extends Error {}

async function placeSeeing(
  shop: Shop,
  requests: readonly PlaceRequest[],
  { whole }: { readonly whole: boolean },
): Promise<readonly (Placing | Error)[]> {
  const deeds = requests.map((request) => ({
    owner: ownerOf(request.buyer),
    key: keptKey(request),
    body: requestHash(request),
  }))
  const { answers, placed } = await again(() =>
    shop.db.transaction(async (tx) => {
      let placed: readonly string[] = []
      const reading = batchFacts(tx, shop, { requests, whole }) // before it is known which of them are new: all is asked in one journey
      const keeping = onceEach<Placing>(tx, 'orders', deeds, async (places) => {
        const fresh = places.flatMap((place) => requests[place] ?? [])
        const named = await knownPartnerOrders(tx, fresh)
        const outcome = placeFresh(tx, shop, { requests: fresh, named, facts: await reading })
        placed = outcome.placed
        return outcome
      })
      const [answers] = await Promise.all([keeping, reading])
      return { answers, placed }
    }),
  )
  if (placed.length > 0)
    announce(
      shop,
      placed.map((id) => ({ id, version: 1 })),
    )
  return answers
}

interface Outcome extends Done<Placing> {
  readonly placed: readonly string[]
}

interface Fresh {
  readonly requests: readonly PlaceRequest[]
  readonly named: NamedOrders
  readonly facts: BatchFacts
}

function placeFresh(tx: Database, shop: Shop, { requests, named, facts }: Fresh): Outcome {
  const asked = requests.filter((request) => !named.known.has(request) && named.first(request) === request)
  const results = decideBatch(facts, asked)
  if (sawTooLittle(facts, asked, results)) throw new SawTooLittle()
  const granted: Granted[] = []
  const attempts = new Map<PlaceRequest, Attempt<Placing>>(named.known)
  for (const [place, request] of asked.entries()) {
    const result = results[place]
    if (result === undefined || result instanceof Failure) {
      attempts.set(request, refusedAttempt(result))
      continue
    }
    const id = `Order:${newKey(shop)}`
    granted.push({ id, request, ...result })
    attempts.set(request, { kept: { order: id } })
  }
  return {
    writing: writeOrders(tx, shop, { granted, facts }),
    attempts: requests.map((request) => twinAttempt(request, named.first(request), attempts)),
    placed: granted.map((order) => order.id),
  }
}

function refusedAttempt(refusal: Failure | undefined): Attempt<Placing> {
  if (refusal === undefined) return { refused: new Error('a request was left undecided') }
  const { code, message, details } = refusal
  return KEPT.has(code) ? { kept: { code, message, details } } : { refused: refusal }
}

/** The same partner's order asked for twice in one batch is one order; with another body it is a mistake. */
function twinAttempt(
  request: PlaceRequest,
  first: PlaceRequest,
  attempts: ReadonlyMap<PlaceRequest, Attempt<Placing>>,
): Attempt<Placing> {
  if (first !== request && requestHash(first) !== requestHash(request)) return { refused: otherBody() }
  return attempts.get(request) ?? attempts.get(first) ?? { refused: new Error('a request was left unanswered') }
}

interface NamedOrders {
  /** Orders that were placed before, and what is to be answered. */
  readonly known: ReadonlyMap<PlaceRequest, Attempt<Placing>>
  /** The first request of the batch that names the same order. */
  first(request: PlaceRequest): PlaceRequest
}

/** A partner's order is known by its number, whatever the key: the same body is the same order, another body a mistake. */
async function knownPartnerOrders(tx: Database, requests: readonly PlaceRequest[]): Promise<NamedOrders> {
  const firsts = new Map<string, PlaceRequest>()
  for (const request of requests) {
    const name = partnerName(request)
    if (name !== null && !firsts.has(name)) firsts.set(name, request)
  }
  const rows = await findPartnerPurchases(
    tx,
    [...firsts.values()].map(({ buyer, partnerOrder }) => ({
      partner: buyer.partner ?? '',
      partnerOrder: partnerOrder ?? '',
    })),
  )
  const stored = new Map(rows.map((row) => [JSON.stringify([row.partner, row.partner_order]), row]))
  const known = new Map<PlaceRequest, Attempt<Placing>>()
  for (const request of requests) {
    const row = stored.get(partnerName(request) ?? '')
    if (row === undefined) continue
    known.set(request, row.body_hash === requestHash(request) ? { kept: { order: row.id } } : { refused: otherBody() })
  }
  await keepAddresses(tx, newAddresses(known))
  return { known, first: (request: PlaceRequest) => firsts.get(partnerName(request) ?? '') ?? request }
}

function newAddresses(known: ReadonlyMap<PlaceRequest, Attempt<Placing>>) {
  const sealed = new Map<string, string>()
  for (const [{ address }, attempt] of known)
    if (address !== null && 'kept' in attempt && 'order' in attempt.kept) sealed.set(attempt.kept.order, address.sealed)
  return [...sealed].map(([id, address]) => ({ id, sealed: address }))
}

function partnerName({ buyer, partnerOrder }: PlaceRequest): string | null {
  return partnerOrder === null ? null : JSON.stringify([buyer.partner, partnerOrder])
}

function otherBody(): Failure {
  return refuse('IDEMPOTENCY_MISMATCH', 'this partner order was placed before with another body')
}
