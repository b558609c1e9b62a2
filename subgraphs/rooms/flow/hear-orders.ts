import type { Close } from '../../../platform/bus/bus.js'
import { consume } from '../../../platform/bus/consume.js'
import type { Database } from '../../../platform/db/database.js'
import { Failure } from '../../../platform/failure.js'
import {
  ordersEvent,
  type FlashSaleChanged,
  type OrdersEvent,
  type StockChanged,
} from '../../../schema/events/orders.js'
import type { Logged } from '../domain/live-event.js'
import { Newest, orderSeen, saleMoved, stockMoved } from '../domain/told-by-orders.js'
import { grouped } from '../store/grouped.js'
import { knownSources, type Draft } from '../store/log.js'
import { lockRoom } from '../store/room-rows.js'
import { findSaleVersions, saveSaleVersions } from '../store/sales.js'
import { findOnShelves, rememberStock } from '../store/shelf.js'
import type { ShelfRow } from '../store/tables.js'
import { afterCommit, type AfterCommit } from './after-commit.js'
import { signalLogged } from './signals.js'
import type { Workplace } from './workplace.js'
import { settle } from './write-room.js'

/** Hears what orders tell, and writes what concerns a room into its log, each thing once. */
export function hearOrders(on: Workplace): Close {
  const commit = afterCommit(on.db)
  return consume({
    db: commit.db,
    bus: on.bus,
    clock: on.clock,
    observer: on.observer,
    schema: 'rooms',
    consumer: 'log',
    topic: 'orders',
    apply: (tx, events) => applyOrders(on, { tx, commit }, readable(on, events)),
  })
}

/** What cannot be read is logged and left out: one wrong event must not silence a room for ever. */
function readable(on: Workplace, events: readonly unknown[]): readonly OrdersEvent[] {
  return events.flatMap((event) => {
    try {
      return ordersEvent(event) ?? []
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      on.observer.count('rooms.orders.misread')
      on.observer.log('error', 'an event of orders could not be read', { reason: error.message })
      return []
    }
  })
}

interface Turn {
  readonly tx: Database
  readonly commit: AfterCommit
}

/**
 * events -> what is newer than all before -> facts by room -> each room held, in the order of the ids -> logged -> signalled after the
 * commit. Statements that wait for nobody's answer travel together: viewers of a rush wait for this (bench/flash-sale/sold-out).
 */
async function applyOrders(on: Workplace, { tx, commit }: Turn, events: readonly OrdersEvent[]): Promise<void> {
  const stock = events.filter((event) => event.kind === 'orders.stockChanged')
  const sales = events.filter((event) => event.kind === 'orders.flashSaleChanged')
  const [shelves, versions] = await Promise.all([
    findOnShelves(
      tx,
      [...stock, ...sales].map((event) => event.variant),
    ),
    findSaleVersions(tx, [...new Set(sales.map((event) => event.flashSale))]),
  ])
  const facts = new FactsByRoom()
  gatherStock(stock, shelves, facts)
  const moved = gatherSales(sales, { shelves, versions }, facts)
  for (const event of events)
    if (event.kind === 'orders.moved')
      for (const [room, fact] of orderSeen(event)) facts.add(room, { fact, source: event.id })
  const saved = saveSaleVersions(tx, moved)
  void saved.catch(() => null) // awaited below, but a room may fail before
  for (const [room, its] of facts.sorted()) {
    const rows = await logTold(on, tx, { room, ...its })
    commit.later(() => signalLogged(on.bus, room, rows))
  }
  await saved
}

/** A fact that an event told: the event's id is its source, and a log takes each source once. */
type ToldDraft = Required<Draft>

/** What is to be written of one room: facts for its log, and which version of each variant's stock it has now been told. */
interface Share {
  readonly drafts: ToldDraft[]
  stock: ReadonlyMap<string, number>
}

/** What was told, by the rooms that it concerns. */
class FactsByRoom {
  readonly #byRoom = new Map<string, Share>()

  add(room: string, draft: ToldDraft): void {
    this.of(room).drafts.push(draft)
  }

  of(room: string): Share {
    const share = this.#byRoom.get(room) ?? { drafts: [], stock: new Map<string, number>() }
    this.#byRoom.set(room, share)
    return share
  }

  /** By the rooms' ids: whoever holds several rooms takes them in this order. */
  sorted(): readonly (readonly [string, Share])[] {
    return [...this.#byRoom].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

function gatherStock(events: readonly StockChanged[], shelves: readonly ShelfRow[], facts: FactsByRoom): void {
  const byVariant = grouped(shelves, (row) => row.variant)
  const newest = new Map<string, Newest>()
  for (const [room, rows] of grouped(shelves, (row) => row.room)) newest.set(room, newestOf(rows))
  for (const event of events)
    for (const row of byVariant.get(event.variant) ?? [])
      if (newest.get(row.room)?.takes(event.variant, event.version) === true)
        facts.add(row.room, { fact: stockMoved(event, row), source: event.id })
  for (const [room, { moved }] of newest) if (moved.size > 0) facts.of(room).stock = moved
}

/** What was known before: where variants stand, and the newest version that was heard of each sale. */
interface Known {
  readonly shelves: readonly ShelfRow[]
  readonly versions: ReadonlyMap<string, number>
}

/** Gives the newest version of each sale that moved. */
function gatherSales(
  events: readonly FlashSaleChanged[],
  { shelves, versions }: Known,
  facts: FactsByRoom,
): ReadonlyMap<string, number> {
  const byVariant = grouped(shelves, (row) => row.variant)
  const newest = new Newest(versions)
  for (const event of events) {
    if (!newest.takes(event.flashSale, event.version)) continue
    const rooms = event.room === null ? (byVariant.get(event.variant) ?? []).map((row) => row.room) : [event.room]
    for (const room of rooms) facts.add(room, { fact: saleMoved(event), source: event.id })
  }
  return newest.moved
}

function newestOf(rows: readonly ShelfRow[]): Newest {
  return new Newest(new Map(rows.map((row) => [row.variant, row.stock_version])))
}

/** Stock and sales are no longer told once a room has ended; an order that was paid late still belongs to it. */
async function logTold(
  on: Workplace,
  tx: Database,
  its: Share & { readonly room: string },
): Promise<readonly Logged[]> {
  const room = await lockRoom(tx, its.room)
  if (room === null) return []
  const wanted = room.state === 'ENDED' ? its.drafts.filter(({ fact }) => fact.kind === 'OrderSeen') : its.drafts
  const bySource = new Map(wanted.map((draft) => [draft.source, draft]))
  const [known, at] = await Promise.all([knownSources(tx, room.id, [...bySource.keys()]), on.time(tx)])
  const facts = [...bySource.values()].filter(({ source }) => !known.has(source))
  const [{ rows }] = await Promise.all([
    settle({ tx, room, at }, { facts }),
    its.stock.size > 0 ? rememberStock(tx, room.id, its.stock) : null,
  ])
  return rows
}
