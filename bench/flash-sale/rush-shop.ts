import type { Bus } from '../../platform/bus/bus.js'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { startRelay } from '../../platform/bus/outbox.js'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import type { VariantFed } from '../../schema/events/catalog.js'
import type { Identity } from '../../schema/identity.js'
import { readOrdersConfig, type OrdersConfig } from '../../subgraphs/orders/config.js'
import { openFlashSale } from '../../subgraphs/orders/flow/flash-sales.js'
import { hearCatalog } from '../../subgraphs/orders/flow/hear.js'
import type { PlaceRequest } from '../../subgraphs/orders/flow/place-request.js'
import { SaleBoard } from '../../subgraphs/orders/flow/sale-board.js'
import { hearingNotes } from '../../subgraphs/orders/flow/sale-notes.js'
import { startRounds } from '../../subgraphs/orders/flow/rounds.js'
import type { Shop } from '../../subgraphs/orders/flow/shop.js'
import { httpProvider } from '../../subgraphs/orders/payment/http-provider.js'
import { databaseClock } from '../../subgraphs/orders/store/database-clock.js'
import { migrations } from '../../subgraphs/orders/store/migrations.js'

/** A sale of one variant, as the rush knows it. */
export interface RushSale {
  readonly variant: string
  readonly flashSale: string
}

/** How many variants are on sale, how many pieces of each, and how many a member may have. */
export interface RushTerms {
  readonly skus: number
  readonly pieces: number
  readonly perMember: number
  /** What tells the variants of one rush from those of another in the same database. */
  readonly series?: string
  /** Nobody is refused because he would have to wait: what is measured is how fast all are served. */
  readonly patient?: boolean
  /** In how many rows the quota of each lies; none: one. */
  readonly buckets?: number
}

/** Longer than any measurement. */
export const ENDLESS_MS = 60_000

/** The shop with its relay and its rounds at work, as in the subgraph. */
export interface RushShop {
  readonly shop: Shop
  readonly config: OrdersConfig
  readonly board: SaleBoard
  readonly stop: () => Promise<void>
}

/** Who opens sales. */
export const OPERATOR: Identity = {
  member: 'Member:op',
  partner: null,
  roles: ['operator'],
  scopes: [],
  expiresAt: 4e9,
}

/** Opens the shop's deeds over a database that has its tables or is to get them. */
export async function openRushShop(db: Database, bus: Bus | null = null): Promise<RushShop> {
  await migrate(db, 'orders', migrations)
  const ground = { db, bus: bus ?? memoryBus({ clock: systemClock, observer: silent }), clock: systemClock }
  const relay = startRelay({ ...ground, observer: silent, schema: 'orders' })
  const config = readOrdersConfig(process.env)
  const board = new SaleBoard({ ...ground, observer: silent })
  const deaf = await board.listen()
  const shop: Shop = {
    ...ground,
    db: hearingNotes(db, (notes) => board.learn(notes)),
    chance: systemChance,
    observer: silent,
    provider: httpProvider(config.payment, systemClock),
    databaseClock,
    terms: config.terms,
    lane: config.lane ?? 0,
    wakeRelay: () => relay.wake(),
  }
  const rounds = startRounds(shop, config.roundMs)
  return {
    shop,
    config,
    board,
    async stop() {
      await deaf()
      await rounds.stop()
      await relay.stop()
    },
  }
}

/** Puts variants on sale. */
export async function stockRush(
  shop: Shop,
  { skus, pieces, perMember, series = 'rush', buckets = 1 }: RushTerms,
): Promise<readonly RushSale[]> {
  const sales: RushSale[] = []
  for (let at = 0; at < skus; at++) {
    const variant = `Variant:${series}${at}`
    await shop.db.transaction((tx) => hearCatalog(tx, shop, [fed(variant, pieces)]))
    const price = { amountMinor: 990, currency: 'CNY' }
    const terms = { room: null, variant, price, quota: pieces, perMember, startsAt: null, endsAt: null, buckets }
    sales.push({ variant, flashSale: await openFlashSale(shop, OPERATOR, terms) })
  }
  return sales
}

function fed(variant: string, quantity: number): VariantFed {
  return {
    ...{ id: `${variant}:1`, at: new Date(0).toISOString(), kind: 'catalog.variantFed' },
    ...{ product: `Product:of-${variant.slice('Variant:'.length)}`, variant, version: 1, currency: 'CNY' },
    ...{ priceMinor: 1990, compareAtMinor: 2990, quantity, title: 'A shirt', sku: null, seller: 'shop' },
    ...{ selfOperated: true, image: null },
  }
}

/** A member's order of one piece of a sale. */
export function rushOrder(member: number, sale: RushSale): PlaceRequest {
  return {
    buyer: { member: memberAt(member), partner: null },
    idempotencyKey: `rush-${member}`,
    partnerOrder: null,
    lines: linesOf(sale),
    addressId: 'Address:a1',
    address: null,
    expectedTotalMinor: 990,
  }
}

/** Neighbours in time are none in the index, as with real members: each number has another place. */
export function memberAt(member: number): string {
  return `Member:${(Math.imul(member, 0x9e3779b1) >>> 0).toString(36).padStart(12, '0')}`
}

/** The same for all buyers of a sale. */
const LINES = new Map<RushSale, PlaceRequest['lines']>()

function linesOf(sale: RushSale): PlaceRequest['lines'] {
  const known = LINES.get(sale)
  if (known !== undefined) return known
  const nothing = { room: null, outlet: 'app', click: null, expectedUnitMinor: null }
  const lines = [{ variant: sale.variant, quantity: 1, flashSale: sale.flashSale, ...nothing }]
  LINES.set(sale, lines)
  return lines
}

/** Pieces that orders hold or have bought beyond what was on sale, over all sales: nothing, or the shop is wrong. */
export async function oversold(db: Database, sales: readonly RushSale[], pieces: number): Promise<number> {
  const { rows } = await db.query<{ readonly over: number }>(
    `select coalesce(sum(greatest(0, sold - $1)), 0)::bigint as over from (
       select sum(l.quantity) as sold from orders.line l join orders.purchase p on p.id = l.purchase
       where l.flash_sale = any($2::text[]) and p.state in ('RESERVED', 'PAYING', 'PAID') group by l.flash_sale) s`,
    [pieces, sales.map(({ flashSale }) => flashSale)],
  )
  return rows[0]?.over ?? 0
}
