import { repeat, type Cancel } from '../../../platform/time/clock.js'
import { newestOnly } from '../../host/newest-only.js'
import { admittedAt } from '../domain/queue.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findNumbers, findQueues, type Place, type QueueRow } from '../store/queues.js'
import type { Shop } from './shop.js'
import { saleRowState } from './tell-orders.js'
import type { Look } from './watch-order.js'

/** Numbers of one sale that are remembered while it is watched. */
const NUMBERS_MOST = 100_000
/** A line that stands is told again after this time: whoever has joined those who watch it hears nothing of what was told before. */
const REPEAT_MS = 5000

/**
 * Sales and the lines before them, as they are watched in this process: one look at all of them each time, however many wait, and one telling for
 * each sale that moved. Whoever waits learns his position from what was told and his number, which never changes.
 */
export class QueueWatch {
  readonly #shop: Shop
  readonly #everyMs: number
  readonly #watched = new Map<string, Watched>()
  #cancel: Cancel | null = null

  constructor(shop: Shop, everyMs: number) {
    this.#shop = shop
    this.#everyMs = everyMs
  }

  /** A look at once, and one each time the line has moved on; looks that nobody took are one. */
  watch(flashSale: string): AsyncIterableIterator<Look> {
    const watched = this.#watched.get(flashSale) ?? { tells: new Set(), seen: '', toldAt: 0, numbers: new Map() }
    this.#watched.set(flashSale, watched)
    const { stream, tell } = newestOnly({ id: flashSale }, { left: () => this.#leave(flashSale, tell), begins: true })
    watched.tells.add(tell)
    this.#cancel ??= repeat(this.#shop.clock, this.#everyMs, () => this.#look())
    return stream
  }

  /** A sale was heard to be another than before: whoever watches it is told without waiting for the next look. */
  turned(flashSale: string): void {
    for (const tell of this.#watched.get(flashSale)?.tells ?? []) tell()
  }

  /** The numbers of buyers, in the order of the places; those of watched sales are asked of the database once. */
  async numbersOf(places: readonly Place[]): Promise<readonly (number | null)[]> {
    const known = places.map(({ flashSale, buyer }) => this.#watched.get(flashSale)?.numbers.get(buyer) ?? null)
    const unknown = places.filter((_, at) => known[at] === null)
    const found = await findNumbers(this.#shop.db, unknown)
    let at = 0
    return places.map((place, index) => known[index] ?? this.#remember(place, found[at++] ?? null))
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #remember({ flashSale, buyer }: Place, number: number | null): number | null {
    const numbers = this.#watched.get(flashSale)?.numbers
    if (number !== null && numbers !== undefined && numbers.size < NUMBERS_MOST) numbers.set(buyer, number)
    return number
  }

  async #look(): Promise<void> {
    const { db, databaseClock, observer } = this.#shop
    try {
      const ids = [...this.#watched.keys()]
      const [queues, sales, at] = await Promise.all([findQueues(db, ids), findFlashSales(db, ids), databaseClock(db)])
      observer.count('orders.queue.looked')
      for (const [id, sale] of sales)
        this.#tell(id, [stepOf(queues.get(id), at), sale.version, saleRowState(sale, at)].join(' '))
    } catch (error) {
      observer.log('warn', 'the lines before sales could not be looked at', { error: String(error) })
    }
  }

  #tell(id: string, seen: string): void {
    const watched = this.#watched.get(id)
    const now = this.#shop.clock.monotonicMs()
    if (watched === undefined || (watched.seen === seen && now - watched.toldAt < REPEAT_MS)) return
    watched.seen = seen
    watched.toldAt = now
    this.#shop.observer.count('orders.queue.told')
    for (const tell of watched.tells) tell()
  }

  #leave(id: string, tell: () => void): void {
    const watched = this.#watched.get(id)
    watched?.tells.delete(tell)
    if (watched?.tells.size === 0) this.#watched.delete(id)
    if (this.#watched.size === 0) this.stop()
  }
}

/** How far a line has come; what nobody waits for is no step. */
function stepOf(queue: QueueRow | undefined, at: Date): string {
  if (queue === undefined) return ''
  const { base, since, last, per_second: perSecond } = queue
  return [Math.min(last, admittedAt({ perSecond, base, since }, at)), last, perSecond].join(' ')
}

interface Watched {
  readonly tells: Set<() => void>
  /** What was told last, and when. */
  seen: string
  toldAt: number
  readonly numbers: Map<string, number>
}
