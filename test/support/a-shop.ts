import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { Failure } from '../../platform/failure.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock, type Clock } from '../../platform/time/clock.js'
import type { DeliverySet, VariantFed } from '../../schema/events/catalog.js'
import { ordersEvent, type OrdersEvent } from '../../schema/events/orders.js'
import type { Identity, Role } from '../../schema/identity.js'
import type { AskedLine } from '../../subgraphs/orders/domain/draft.js'
import { hearCatalog, hearMembers, hearRooms } from '../../subgraphs/orders/flow/hear.js'
import type { PlaceRequest } from '../../subgraphs/orders/flow/place-request.js'
import type { Shop } from '../../subgraphs/orders/flow/shop.js'
import type { Charge, ChargeRequest, ChargeState, PaymentProvider } from '../../subgraphs/orders/payment/provider.js'
import { migrations } from '../../subgraphs/orders/store/migrations.js'

/** A payment provider that does what the test tells it to, and remembers what it was asked. */
export interface TestProvider extends PaymentProvider {
  /** What the next new charge becomes; `down` answers nothing at all. */
  next: ChargeState | 'down'
  readonly charges: Map<string, Charge>
  readonly refunds: Map<string, number>
  decide(key: string, state: ChargeState): void
}

/** The orders subgraph's ground with a variant on sale, whose database time the test sets. */
export interface TestShop extends Shop {
  readonly provider: TestProvider
  /** The database's time. */
  at: Date
}

const RATES = { hostBp: 500, influencerBp: 300, partnerBp: 200 }

export const VARIANT = 'Variant:v1'

/** Opens a shop in an empty database: `VARIANT` costs 1000 fen and has so many pieces. */
export async function aShop(db: Database, pieces = 50, clock: Clock = systemClock): Promise<TestShop> {
  await migrate(db, 'orders', migrations)
  const provider = aProvider()
  const shop: TestShop = {
    db,
    bus: memoryBus({ clock, observer: silent }),
    clock,
    chance: systemChance,
    observer: silent,
    provider,
    at: new Date('2026-11-11T12:00:00Z'),
    databaseClock: () => Promise.resolve(shop.at),
    terms: {
      reserveMs: 900_000,
      partnerReserveMs: 86_400_000,
      payingGraceMs: 300_000,
      askAfterMs: 10_000,
      offerMs: 120_000,
      commissions: RATES,
      backBy: 'IN_PROPORTION',
      warehouses: [],
      personalDays: 90,
    },
    wakeRelay() {},
  }
  await feed(shop, { quantity: pieces })
  return shop
}

/** Catalog tells of a variant. */
export async function feed(shop: Shop, some: Partial<VariantFed> = {}): Promise<void> {
  const event: VariantFed = {
    id: 'fed',
    at: '2026-11-11T12:00:00Z',
    kind: 'catalog.variantFed',
    product: 'Product:p1',
    variant: VARIANT,
    version: 1,
    currency: 'CNY',
    priceMinor: 1000,
    compareAtMinor: 1500,
    quantity: 50,
    title: 'A shirt',
    sku: 'S-1',
    seller: 'shop',
    selfOperated: true,
    image: null,
    ...some,
  }
  await shop.db.transaction((tx) => hearCatalog(tx, shop, [event]))
}

/** Catalog tells where the product is delivered to. */
export async function deliver(shop: Shop, some: Partial<DeliverySet>): Promise<void> {
  const told = { id: 'set', at: '2026-11-11T12:00:00Z', kind: 'catalog.deliverySet', product: 'Product:p1' }
  const event = { ...told, version: 1, only: [], except: [], ...some }
  await shop.db.transaction((tx) => hearCatalog(tx, shop, [event]))
}

/** Rooms tells of a live room of `Member:host`, and what it asks for the variant. */
export async function liveRoom(shop: Shop, room = 'Room:r1', priceMinor: number | null = null): Promise<void> {
  const told = { id: 'told', at: '2026-11-11T12:00:00Z', room, version: 1 }
  const shelf = { variant: VARIANT, product: 'Product:p1', roomPriceMinor: priceMinor, currency: 'CNY', shelved: true }
  await shop.db.transaction((tx) =>
    hearRooms(tx, [
      { ...told, kind: 'rooms.roomChanged', state: 'LIVE', host: 'Member:host', title: 'A room' },
      { ...told, kind: 'rooms.shelfChanged', ...shelf },
    ]),
  )
}

/** Members tells that something was put on a member's e-card. */
export async function grant(shop: Shop, member: string, amountMinor: number, cause = `g-${member}`): Promise<void> {
  const told = { id: `${cause}:ecard`, kind: 'members.eCardGranted', at: '2026-11-11T12:00:00Z', cause }
  const event = { ...told, member: `Member:${member}`, currency: 'CNY', amountMinor }
  await shop.db.transaction((tx) => hearMembers(tx, shop, [event]))
}

/** Members tells for which sellers a merchant acts. */
export async function bind(shop: Shop, member: string, sellers: readonly string[], version = 1): Promise<void> {
  const told = { id: `bound ${version}`, at: '2026-11-11T12:00:00Z', kind: 'members.merchantBound' }
  await shop.db.transaction((tx) => hearMembers(tx, shop, [{ ...told, member: `Member:${member}`, version, sellers }]))
}

/** A line of one piece. */
export function aLine(some: Partial<AskedLine> = {}): AskedLine {
  const nothing = { room: null, outlet: null, flashSale: null, click: null, expectedUnitMinor: null }
  return { variant: VARIANT, quantity: 1, ...nothing, ...some }
}

/** A member's order of one piece. */
export function aRequest(member: string, key: string, some: Partial<PlaceRequest> = {}): PlaceRequest {
  return {
    buyer: { member: `Member:${member}`, partner: null },
    idempotencyKey: key,
    partnerOrder: null,
    lines: [aLine()],
    addressId: null,
    address: null,
    expectedTotalMinor: null,
    ...some,
  }
}

/** Somebody with roles. */
export function someone(member: string, ...roles: readonly Role[]): Identity {
  return { member: `Member:${member}`, partner: null, roles, scopes: [], expiresAt: 4_000_000_000 }
}

/** A partner's server. */
export function aPartner(partner: string): Identity {
  return { member: null, partner, roles: ['partner'], scopes: [], expiresAt: 4_000_000_000 }
}

/** All that was told so far, in order. */
export async function toldBy(db: Database): Promise<readonly OrdersEvent[]> {
  const { rows } = await db.query<{ body: string }>('select body from orders.outbox order by tx, number')
  return rows.flatMap((row) => ordersEvent(JSON.parse(row.body)) ?? [])
}

/** The code that a promise was refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
  return 'nothing was refused'
}

function aProvider(): TestProvider {
  const charges = new Map<string, Charge>()
  const refunds = new Map<string, number>()
  const provider: TestProvider = {
    next: 'SUCCEEDED',
    charges,
    refunds,
    decide: (key, state) => {
      const charge = charges.get(key)
      if (charge !== undefined) charges.set(key, { ...charge, state })
    },
    charge: ({ key, amount }: ChargeRequest) => {
      if (provider.next === 'down') return Promise.reject(new Failure('PARTNER_UNAVAILABLE', 'no answer'))
      const charge = charges.get(key) ?? { charge: `ch_${charges.size + 1}`, key, amount, state: provider.next }
      charges.set(key, charge)
      return Promise.resolve(charge)
    },
    find: (name) => Promise.resolve([...charges.values()].find(({ charge }) => charge === name) ?? null),
    refund: ({ key, amount }) => Promise.resolve(void refunds.set(key, amount.amountMinor)),
    readNotice: () => {
      throw new Failure('SIGNATURE_INVALID', 'this provider sends nothing')
    },
  }
  return provider
}
