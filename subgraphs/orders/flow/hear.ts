import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { catalogEvent, type VariantFed } from '../../../schema/events/catalog.js'
import { roomsEvent, type RoomChanged, type ShelfChanged } from '../../../schema/events/rooms.js'
import { plainMovement } from '../domain/ledger.js'
import { keepGoods } from '../store/goods.js'
import { keepRoomPrices, keepRooms, roomPriceKey } from '../store/rooms.js'
import { lockStock, newerFeeds } from '../store/stock.js'
import { keepBooks } from './keep-books.js'
import type { Shop } from './shop.js'
import { priceChanged } from './tell-orders.js'

/** What catalog told, in the consumer's transaction: copies of goods and prices, and quantities into the stock. */
export async function hearCatalog(tx: Database, shop: Shop, told: readonly unknown[]): Promise<void> {
  const feeds = told.map(catalogEvent).filter((event) => event?.kind === 'catalog.variantFed')
  if (feeds.length === 0) return
  const kept = await keepGoods(
    tx,
    newest(feeds, (feed) => feed.variant),
  )
  const at = await shop.databaseClock(tx)
  const prices = kept.filter((goods) => goods.priceChanged).map((goods) => priceChanged(goods, at))
  const counted = feeds.filter((feed) => feed.quantity !== null)
  const stock = await takeOver(
    tx,
    newest(counted, (feed) => feed.variant),
    at,
  )
  await tell(tx, 'orders', [...prices, ...stock])
}

/** A feed's quantity is what may be sold from now on: what is held and sold stays so, on hand is what follows. */
async function takeOver(tx: Database, feeds: readonly VariantFed[], at: Date) {
  if (feeds.length === 0) return []
  const stock = await lockStock(tx, feeds.map((feed) => feed.variant).sort())
  const newer = await newerFeeds(tx, feeds)
  const movements = feeds.flatMap((feed) => {
    const onHand = Math.max(0, feed.quantity ?? 0) - (stock.get(feed.variant)?.available ?? 0)
    if (!newer.has(feed.variant) || onHand === 0) return []
    return [plainMovement('feed', { variant: feed.variant, onHand, reserved: 0, sold: 0 })]
  })
  return keepBooks(tx, { movements, sales: [], taken: [] }, at)
}

/** What rooms told, in the consumer's transaction: who hosts, what is live, and what a room asks for its goods. */
export async function hearRooms(tx: Database, told: readonly unknown[]): Promise<void> {
  const rooms: RoomChanged[] = []
  const shelves: ShelfChanged[] = []
  for (const event of told.map(roomsEvent)) {
    if (event?.kind === 'rooms.roomChanged') rooms.push(event)
    if (event?.kind === 'rooms.shelfChanged') shelves.push(event)
  }
  if (rooms.length > 0)
    await keepRooms(
      tx,
      newest(rooms, (event) => event.room),
    )
  if (shelves.length > 0)
    await keepRoomPrices(
      tx,
      newest(shelves, (event) => roomPriceKey(event.room, event.variant)),
    )
}

/** The event with the highest version of each key: one statement must not write a row twice. */
function newest<Event extends { readonly version: number }>(
  events: readonly Event[],
  keyOf: (event: Event) => string,
): readonly Event[] {
  const byKey = new Map<string, Event>()
  for (const event of events) {
    const known = byKey.get(keyOf(event))
    if (known === undefined || known.version < event.version) byKey.set(keyOf(event), event)
  }
  return [...byKey.values()]
}
