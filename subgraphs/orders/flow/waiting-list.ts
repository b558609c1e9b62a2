import { batcher } from '../../../platform/batch.js'
import type { Database } from '../../../platform/db/database.js'
import { refuse } from '../../../schema/refuse.js'
import { unheld } from '../domain/flash-sale.js'
import type { SaleChange } from '../domain/ledger.js'
import { lockFlashSales, type FlashSaleRow } from '../store/flash-sales.js'
import type { Place } from '../store/queues.js'
import { takenBy } from '../store/sale-members.js'
import { joinWaiting, lapseAside, leaveWaiting, setAside } from '../store/waiters.js'
import type { SaleEntry } from './change-sales.js'
import { keepAndTell } from './keep-books.js'
import { again } from './retry.js'
import { announce, later, type Shop } from './shop.js'
import { distinct } from './shop-facts.js'
import { saleRowState } from './tell-orders.js'

/** How those who wait are gathered. */
export interface WaitingTerms {
  readonly most: number
  readonly waitMs: number
  readonly limit: number
}

/** Where members say that they wait. */
export interface WaitingList {
  /** Puts a member at the end of the line, once. */
  wait(place: Place): Promise<void>
  drain(): Promise<void>
}

/** Opens the list: those who come together are written down together, by arrival. */
export function openWaitingList(shop: Shop, terms: WaitingTerms): WaitingList {
  const line = batcher<Place, null>({
    ...terms,
    clock: shop.clock,
    observer: shop.observer,
    name: 'orders.wait',
    run: (places) => again(() => shop.db.transaction((tx) => writeDown(tx, shop, places))),
  })
  return {
    async wait(place) {
      await line.ask(place)
    },
    drain: () => line.drain(),
  }
}

/** sales locked -> who may wait -> the end of the line, by arrival -> how many wait, on the sale's row. */
async function writeDown(tx: Database, shop: Shop, places: readonly Place[]): Promise<readonly (null | Error)[]> {
  const [sales, taken, at] = await Promise.all([
    lockFlashSales(tx, distinct(places.map((place) => place.flashSale))),
    takenBy(tx, places),
    shop.databaseClock(tx),
  ])
  const verdicts = places.map(({ flashSale, buyer }) => {
    const sale = sales.get(flashSale)
    if (sale === undefined) return refuse('NOT_FOUND', 'no such flash sale')
    return mayWait(sale, { at, had: taken.get(flashSale)?.get(buyer)?.taken ?? 0 })
  })
  const joined = await joinWaiting(
    tx,
    places.filter((_, index) => verdicts[index] === null),
    at,
  )
  const entries = [...sales.values()].flatMap((sale) =>
    counted(sale, { waiting: joined.filter((place) => place.flashSale === sale.id).length }),
  )
  await keepAndTell(tx, { entries: { movements: [], stock: new Map(), sales: entries, taken: [] }, at })
  return verdicts
}

function mayWait(sale: FlashSaleRow, { at, had }: { readonly at: Date; readonly had: number }): Error | null {
  const state = saleRowState(sale, at)
  if (state === 'CLOSED') return refuse('OFFER_CLOSED', 'the flash sale is over')
  if (state !== 'SOLD_OUT') return refuse('STATE_FORBIDS', `nobody waits for a flash sale that is ${state}`)
  if (had < sale.per_member) return null
  return refuse('LIMIT_PER_MEMBER', `at most ${sale.per_member} for each member, ${had} were had`)
}

/** A member waits no longer. What is offered to him already goes to the next when its time is over. */
export async function stopWaiting(shop: Shop, place: Place): Promise<void> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sale = (await lockFlashSales(tx, [place.flashSale])).get(place.flashSale)
      if (sale === undefined) throw refuse('NOT_FOUND', 'no such flash sale')
      if (!(await leaveWaiting(tx, place))) return
      const at = await shop.databaseClock(tx)
      const entries = counted(sale, { waiting: -1 })
      await keepAndTell(tx, { entries: { movements: [], stock: new Map(), sales: entries, taken: [] }, at })
    }),
  )
  announce(shop, [])
}

/**
 * Pieces that came back are set aside for the first who wait, each for a while by the database's clock; what nobody took in his time goes
 * to the next. One transaction under the lock of the sales: who is killed in it has done nothing, and the next round finds the same rows.
 */
export async function offerToWaiting(shop: Shop, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sales = [...(await lockFlashSales(tx, ids)).values()].filter((sale) => !sale.closed)
      const at = await shop.databaseClock(tx)
      const entries: SaleEntry[] = []
      for (const sale of sales) entries.push(...(await offered(tx, shop, { sale, at })))
      await keepAndTell(tx, { entries: { movements: [], stock: new Map(), sales: entries, taken: [] }, at })
    }),
  )
  announce(shop, [])
}

async function offered(
  tx: Database,
  shop: Shop,
  { sale, at }: { readonly sale: FlashSaleRow; readonly at: Date },
): Promise<readonly SaleEntry[]> {
  const lapsed = await lapseAside(tx, sale.id, at)
  const most = saleRowState(sale, at) === 'CLOSED' ? 0 : unheld(sale) - (sale.aside - lapsed)
  const given = most > 0 ? await setAside(tx, sale.id, { most, until: later(at, shop.terms.offerMs) }) : 0
  shop.observer.count('orders.waiting.offered', {}, given)
  shop.observer.count('orders.waiting.lapsed', {}, lapsed)
  return counted(sale, { waiting: -given, aside: given - lapsed })
}

function counted(sale: FlashSaleRow, change: Partial<SaleChange>): readonly SaleEntry[] {
  const { waiting = 0, aside = 0 } = change
  if (waiting === 0 && aside === 0) return []
  return [{ sale, change: { held: 0, sold: 0, returned: 0, waiting, aside } }]
}
