import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { catalogEvent, type VariantFed } from '../../../schema/events/catalog.js'
import { membersEvent } from '../../../schema/events/members.js'
import { roomsEvent, type RoomChanged, type ShelfChanged } from '../../../schema/events/rooms.js'
import { keepActing } from '../../host/acting/acting-for.js'
import { plainMovement } from '../domain/ledger.js'
import { MAIN } from '../domain/warehouses.js'
import { keepDeliveries, nameDeliveries } from '../store/deliveries.js'
import { keepGoods } from '../store/goods.js'
import { nameLaunches } from '../store/launches.js'
import { keepListPrices } from '../store/list-prices.js'
import { keepPicks, keepPoolGoods } from '../store/pool-picks.js'
import { keepPlus } from '../store/plus.js'
import { keepRoomPrices, keepRooms, roomPriceKey } from '../store/rooms.js'
import { freeAt, lockStock, newerFeeds } from '../store/stock.js'
import { takeGrants } from './e-card-money.js'
import { hearAddresses } from './hear-addresses.js'
import { keepBooks, type Books } from './keep-books.js'
import type { Shop } from './shop.js'
import { priceChanged } from './tell-orders.js'

/** What catalog told, in the consumer's transaction: copies of goods and prices, and quantities into the stock. */
export async function hearCatalog(tx: Database, shop: Shop, told: readonly unknown[]): Promise<void> {
  const events = told.map(catalogEvent)
  await keepPicks(
    tx,
    events.filter((event) => event?.kind === 'catalog.poolPicked'),
  )
  const deliveries = events.filter((event) => event?.kind === 'catalog.deliverySet')
  if (deliveries.length > 0)
    await keepDeliveries(
      tx,
      newest(deliveries, (event) => event.product),
    )
  await keepPoolGoods(
    tx,
    events.filter((event) => event?.kind === 'catalog.poolChanged'),
  )
  const feeds = events.filter((event) => event?.kind === 'catalog.variantFed')
  if (feeds.length === 0) return
  const kept = await keepGoods(
    tx,
    newest(feeds, (feed) => feed.variant),
  )
  const renewed = kept.map((goods) => goods.variant)
  await nameLaunches(tx, renewed)
  await nameDeliveries(tx, renewed)
  const at = await shop.databaseClock(tx)
  const repriced = kept.filter((goods) => goods.priceChanged)
  const prices = repriced.map((goods) => priceChanged(goods, at))
  await keepListPrices(tx, repriced, at)
  const counted = feeds.filter((feed) => feed.quantity !== null)
  const stock = await takeOver(
    tx,
    newest(counted, (feed) => feed.variant),
    at,
  )
  await Promise.all([stock.writing, tell(tx, 'orders', [...prices, ...stock.events])])
}

/** A feed's quantity is what may be sold from the main warehouse from now on: what is held and sold stays so, on hand is what follows. */
async function takeOver(tx: Database, feeds: readonly VariantFed[], at: Date): Promise<Books> {
  if (feeds.length === 0) return { events: [], writing: Promise.resolve() }
  const stock = await lockStock(tx, feeds.map((feed) => feed.variant).sort())
  const newer = await newerFeeds(tx, feeds)
  const movements = feeds.flatMap((feed) => {
    const row = stock.get(feed.variant)
    const onHand = Math.max(0, feed.quantity ?? 0) - (row === undefined ? 0 : freeAt(row, MAIN))
    if (!newer.has(feed.variant) || onHand === 0) return []
    return [plainMovement('feed', { variant: feed.variant, onHand, reserved: 0, sold: 0 })]
  })
  return keepBooks(tx, { movements, stock, sales: [], taken: [] }, at)
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

/** What members told, in the consumer's transaction: where their orders go, who has PLUS, and until when, and what was granted on e-cards. */
export async function hearMembers(tx: Database, shop: Shop, told: readonly unknown[]): Promise<void> {
  await keepActing(tx, 'orders', told)
  const events = told.map(membersEvent)
  await hearAddresses(tx, events) // first: orders are locked before cards
  const plus = events.filter((event) => event?.kind === 'members.plusChanged')
  if (plus.length > 0) await keepPlus(tx, plus)
  const grants = events.filter((event) => event?.kind === 'members.eCardGranted')
  if (grants.length > 0) await takeGrants(tx, grants, await shop.databaseClock(tx))
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
