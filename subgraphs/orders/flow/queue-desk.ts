import { batcher } from '../../../platform/batch.js'
import type { Database } from '../../../platform/db/database.js'
import { refuse } from '../../../schema/refuse.js'
import { admissionOf, nextNumber, type QueueTicket } from '../domain/queue.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findNumbers, giveNumbers, lockQueues, type Place } from '../store/queues.js'
import { again } from './retry.js'
import { later, type Shop } from './shop.js'
import { distinct } from './shop-facts.js'
import { saleRowState } from './tell-orders.js'

/** How tickets are given. */
export interface DeskTerms {
  /** How long a ticket is good after its turn has come. */
  readonly ticketMs: number
  /** Tickets in one transaction, how long the first waits for others, and how many may stand before the desk. */
  readonly most: number
  readonly waitMs: number
  readonly limit: number
}

/** Where places in the lines before sales are given. */
export interface QueueDesk {
  /** The member's place: the same number however often it is asked for, on paper that is good from now on. */
  take(place: Place): Promise<QueueTicket>
  drain(): Promise<void>
}

/** Opens the desk: members who come together get their numbers in one transaction, by arrival. */
export function openQueueDesk(shop: Shop, { ticketMs, ...terms }: DeskTerms): QueueDesk {
  const line = batcher<Place, QueueTicket>({
    ...terms,
    clock: shop.clock,
    observer: shop.observer,
    name: 'orders.queue',
    run: (places) => again(() => shop.db.transaction((tx) => giveTickets(tx, shop, { places, ticketMs }))),
  })
  return { take: (place) => line.ask(place), drain: () => line.drain() }
}

/** lines locked -> sales, numbers held already, the database's time -> new numbers by arrival -> written; a refusal for each that gets none. */
async function giveTickets(
  tx: Database,
  shop: Shop,
  { places, ticketMs }: { readonly places: readonly Place[]; readonly ticketMs: number },
): Promise<readonly (QueueTicket | Error)[]> {
  const ids = distinct(places.map((place) => place.flashSale))
  const [queues, sales, numbers, at] = await Promise.all([
    lockQueues(tx, ids),
    findFlashSales(tx, ids),
    findNumbers(tx, places),
    shop.databaseClock(tx),
  ])
  const last = new Map([...queues].map(([sale, queue]) => [sale, queue.last]))
  const given = new Map<string, Place & { readonly number: number }>()
  const tickets = places.map((place, index) => {
    const sale = sales.get(place.flashSale)
    if (sale === undefined) return refuse('NOT_FOUND', 'no such flash sale')
    const queue = queues.get(place.flashSale)
    if (queue === undefined) return refuse('STATE_FORBIDS', 'the flash sale sells to whoever comes, without tickets')
    const pace = { perSecond: queue.per_second, base: queue.base, since: queue.since }
    const name = JSON.stringify([place.flashSale, place.buyer])
    let number = numbers[index] ?? given.get(name)?.number ?? null
    if (number === null) {
      const state = saleRowState(sale, at)
      if (state !== 'SCHEDULED' && state !== 'OPEN') return refuse('OFFER_CLOSED', `the flash sale is ${state}`)
      number = nextNumber(pace, last.get(place.flashSale) ?? 0, at)
      last.set(place.flashSale, number)
      given.set(name, { ...place, number })
    }
    const due = admissionOf(pace, number)
    return { ...place, number, expiresAt: later(due > at ? due : at, ticketMs) }
  })
  await giveNumbers(tx, [...given.values()])
  return tickets
}
