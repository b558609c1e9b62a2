import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import type { OrderState } from '../../../../schema/events/orders.js'
import { isForward, type PartnerOrder } from '../domain/partner-order.js'
import { SCHEMA, type KuaishouTables, type PartnerOrderTable, type PlaceTable } from './kuaishou-tables.js'
import { leftMinor } from './refunds.js'

/** What was read of an order at the partner's, under one version. */
export interface OrderContent extends Pick<
  PartnerOrder,
  'oid' | 'state' | 'relSku' | 'quantity' | 'unitPriceMinor' | 'totalMinor' | 'paidAt' | 'risky' | 'held'
> {
  readonly version: number
  /** The numbers of the places that it goes to, by their names from the province down. */
  readonly places: readonly PlaceTable[]
  /** The sealed pieces of the address as JSON; null once the partner shows none. */
  readonly sealed: string | null
}

/** The order of a question that came before the order itself. */
export interface DeductedOrder {
  readonly oid: string
  readonly relSku: string
  readonly quantity: number
  readonly unitPriceMinor: number
}

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** The row of an order, made when it is not there, with the newest version heard of. */
export async function hearOrder(db: Database, oid: string, version: number): Promise<void> {
  await open(db)
    .insertInto('partner_order')
    .values({ ...EMPTY, oid, seen_version: version })
    .onConflict((clash) =>
      clash.column('oid').doUpdateSet({ seen_version: version }).where('partner_order.seen_version', '<', version),
    )
    .execute()
}

/** Something was told of an order that bears no version: it is read again. */
export async function doubtOrder(db: Database, oid: string): Promise<void> {
  await open(db)
    .insertInto('partner_order')
    .values({ ...EMPTY, oid, doubted: true })
    .onConflict((clash) => clash.column('oid').doUpdateSet({ doubted: true }))
    .execute()
}

/** Keeps what was read, unless something newer was read before. An address that is another than before is opened anew until the goods have left. */
export async function keepOrder(db: Database, content: OrderContent): Promise<void> {
  await hearOrder(db, content.oid, content.version)
  await open(db)
    .updateTable('partner_order')
    .set({
      known_version: content.version,
      state: content.state,
      rel_sku: content.relSku,
      quantity: content.quantity,
      unit_price_minor: content.unitPriceMinor,
      total_minor: content.totalMinor,
      paid_at: content.paidAt,
      risky: content.risky,
      held: content.held,
      doubted: false,
      ...(content.sealed !== null && { sealed: content.sealed, addressed: isSame(content.sealed) }),
    })
    .where('oid', '=', content.oid)
    .where('known_version', '<=', content.version)
    .execute()
}

/** Purged pieces are not opened again because somebody looked. */
function isSame(sealed: string): RawBuilder<boolean> {
  return sql<boolean>`addressed and (sealed is null or sealed = ${sealed})`
}

/** Remembers orders that the partner asks about before they exist; gives those that were not known already. */
export async function keepDeducted(db: Database, orders: readonly DeductedOrder[]): Promise<ReadonlySet<string>> {
  if (orders.length === 0) return new Set()
  const kept = await open(db)
    .insertInto('partner_order')
    .values(
      orders
        .toSorted((a, b) => (a.oid < b.oid ? -1 : 1))
        .map((order) => ({
          ...EMPTY,
          ...{ oid: order.oid, rel_sku: order.relSku, quantity: order.quantity },
          ...{ unit_price_minor: order.unitPriceMinor, total_minor: order.unitPriceMinor * order.quantity },
        })),
    )
    .onConflict((clash) => clash.column('oid').doNothing())
    .returning('oid')
    .execute()
  return new Set(kept.map(({ oid }) => oid))
}

/** What our shop said to orders asked about for the first time: reserved under an id, or refused with a code. Whoever told more meanwhile was right. */
export async function keepAnswers(
  db: Database,
  answers: readonly { readonly oid: string; readonly order: string | null; readonly refused: string | null }[],
): Promise<void> {
  const sorted = answers.toSorted((a, b) => (a.oid < b.oid ? -1 : 1))
  await db.query(
    `update ${SCHEMA}.partner_order p set
       shop_state = case when told."order" is null then p.shop_state else 'RESERVED' end, shop_order = told."order",
       refused = told.refused, state = case when told.refused is null then p.state else coalesce(p.state, 'CLOSED') end
     from unnest($1::text[], $2::text[], $3::text[]) as told (oid, "order", refused)
     where p.oid = told.oid and p.shop_state is null`,
    [sorted.map(({ oid }) => oid), sorted.map(({ order }) => order), sorted.map(({ refused }) => refused)],
  )
}

/** An order as its row remembers it; null when nobody ever told of it. */
export async function readOrder(db: Database, oid: string): Promise<PartnerOrder | null> {
  const row = await open(db)
    .selectFrom('partner_order')
    .selectAll()
    .select((select) =>
      select
        .exists(
          select
            .selectFrom('refund')
            .select('refund_id')
            .whereRef('refund.oid', '=', 'partner_order.oid')
            .where((where) =>
              where.or([
                where('state', 'is', null),
                where.and([
                  where('state', 'not in', ['DONE', 'REFUSED']),
                  where('refund.amount_minor', '>=', leftMinor()),
                ]),
              ]),
            ),
        )
        .as('refunding'),
    )
    .where('oid', '=', oid)
    .executeTakeFirst()
  return row === undefined ? null : orderOf(row, row.refunding === true)
}

/** The address kept for an order and its sealed pieces. */
export async function readAddress(db: Database, oid: string): Promise<Pick<PartnerOrderTable, 'address' | 'sealed'>> {
  return await open(db)
    .selectFrom('partner_order')
    .select(['address', 'sealed'])
    .where('oid', '=', oid)
    .executeTakeFirstOrThrow()
}

/** The address that the partner opened for us, encrypted by us. */
export async function keepAddress(db: Database, oid: string, address: Uint8Array): Promise<void> {
  const opened = { address, addressed: true, address_told: false }
  await open(db).updateTable('partner_order').set(opened).where('oid', '=', oid).execute()
}

/** Our shop has been told the address that is kept. */
export async function keepAddressTold(db: Database, oid: string): Promise<void> {
  await open(db).updateTable('partner_order').set({ address_told: true }).where('oid', '=', oid).execute()
}

/** Forgets the addresses of orders that ended and of which nothing was told since; gives how many. */
export async function purgeAddresses(
  db: Database,
  { before, most }: { readonly before: Date; readonly most: number },
): Promise<number> {
  const { count } = await db.query(
    `update ${SCHEMA}.partner_order set address = null, sealed = null where oid in (
       select p.oid from ${SCHEMA}.partner_order p join ${SCHEMA}.fact f on f.key = 'order:' || p.oid
       where (p.address is not null or p.sealed is not null) and p.state in ('COMPLETED', 'CLOSED') and f.at < $1
       order by p.oid limit $2)`,
    [before, most],
  )
  return count
}

/** The order never came to be at the partner's. */
export async function keepNeverMade(db: Database, oid: string): Promise<void> {
  await open(db)
    .updateTable('partner_order')
    .set({ state: 'CLOSED', doubted: false })
    .where('oid', '=', oid)
    .where('state', 'is', null)
    .execute()
}

/** The shop's last word on an order was no. */
export async function keepRefused(db: Database, oid: string, code: string): Promise<void> {
  await open(db).updateTable('partner_order').set({ refused: code }).where('oid', '=', oid).execute()
}

/**
 * What our shop tells of an order; kept only when it leads forward, or names the waybill of a state that an answer of the shop's has told
 * without one. True when it was news.
 */
export async function keepShopState(
  db: Database,
  oid: string,
  told: {
    readonly state: OrderState
    readonly order?: string
    readonly carrier?: string | null
    readonly waybill?: string | null
  },
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const query = open(tx).selectFrom('partner_order').select(['shop_state', 'waybill']).where('oid', '=', oid)
    const row = await query.forUpdate().executeTakeFirst()
    if (row === undefined) return false
    const isNamed = row.shop_state === told.state && row.waybill === null && told.waybill != null
    if (!isForward(row.shop_state, told.state) && !isNamed) return false
    await open(tx)
      .updateTable('partner_order')
      .set({
        shop_state: told.state,
        ...(told.order !== undefined && { shop_order: told.order }),
        ...(told.carrier != null && { carrier: told.carrier }),
        ...(told.waybill != null && { waybill: told.waybill }),
      })
      .where('oid', '=', oid)
      .execute()
    return true
  })
}

const EMPTY = {
  ...{ seen_version: 0, known_version: 0, state: null, rel_sku: null, quantity: 0, unit_price_minor: 0 },
  ...{ total_minor: 0, paid_at: null, risky: false, held: false, sealed: null, address: null, addressed: false },
  ...{ address_told: false, doubted: false },
  ...{ shop_order: null, shop_state: null, refused: null, carrier: null, waybill: null },
} satisfies Omit<PartnerOrderTable, 'oid'>

function orderOf(row: PartnerOrderTable, refunding: boolean): PartnerOrder {
  return {
    oid: row.oid,
    seenVersion: row.seen_version,
    knownVersion: row.known_version,
    doubted: row.doubted,
    state: row.state,
    relSku: row.rel_sku,
    quantity: row.quantity,
    unitPriceMinor: row.unit_price_minor,
    totalMinor: row.total_minor,
    paidAt: row.paid_at,
    risky: row.risky,
    held: row.held,
    refunding,
    addressed: row.addressed,
    addressTold: row.address_told,
    shopState: row.shop_state,
    refused: row.refused,
    carrier: row.carrier,
    waybill: row.waybill,
  }
}
