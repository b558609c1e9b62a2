import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import type { OrderState } from '../../../../schema/events/orders.js'
import { isForward, type PartnerOrder } from '../domain/partner-order.js'
import { SCHEMA, type KuaishouTables, type PartnerOrderTable } from './kuaishou-tables.js'

/** What was read of an order at the partner's, under one version. */
export interface OrderContent extends Pick<
  PartnerOrder,
  'oid' | 'state' | 'relSku' | 'quantity' | 'unitPriceMinor' | 'totalMinor' | 'paidAt' | 'risky' | 'held'
> {
  readonly version: number
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

/** Keeps what was read, unless something newer was read before. */
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
      ...(content.sealed !== null && { sealed: content.sealed }),
    })
    .where('oid', '=', content.oid)
    .where('known_version', '<=', content.version)
    .execute()
}

/** Remembers an order that the partner asks about before it exists; false when it is known already. */
export async function keepDeducted(db: Database, order: DeductedOrder): Promise<boolean> {
  const kept = await open(db)
    .insertInto('partner_order')
    .values({
      ...EMPTY,
      ...{ oid: order.oid, rel_sku: order.relSku, quantity: order.quantity },
      ...{ unit_price_minor: order.unitPriceMinor, total_minor: order.unitPriceMinor * order.quantity },
    })
    .onConflict((clash) => clash.column('oid').doNothing())
    .returning('oid')
    .execute()
  return kept.length > 0
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
            .where((where) => where.or([where('state', 'is', null), where('state', 'not in', ['DONE', 'REFUSED'])])),
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
  await open(db).updateTable('partner_order').set({ address, addressed: true }).where('oid', '=', oid).execute()
}

/** The order never came to be at the partner's. */
export async function keepNeverMade(db: Database, oid: string): Promise<void> {
  await open(db)
    .updateTable('partner_order')
    .set({ state: 'CLOSED' })
    .where('oid', '=', oid)
    .where('state', 'is', null)
    .execute()
}

/** The shop's last word on an order was no. */
export async function keepRefused(db: Database, oid: string, code: string): Promise<void> {
  await open(db).updateTable('partner_order').set({ refused: code }).where('oid', '=', oid).execute()
}

/** What our shop tells of an order; kept only when it leads forward. True when it was news. */
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
    const query = open(tx).selectFrom('partner_order').select('shop_state').where('oid', '=', oid)
    const row = await query.forUpdate().executeTakeFirst()
    if (row === undefined || !isForward(row.shop_state, told.state)) return false
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
  ...{ shop_order: null, shop_state: null, refused: null, carrier: null, waybill: null },
} satisfies Omit<PartnerOrderTable, 'oid'>

function orderOf(row: PartnerOrderTable, refunding: boolean): PartnerOrder {
  return {
    oid: row.oid,
    seenVersion: row.seen_version,
    knownVersion: row.known_version,
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
    shopState: row.shop_state,
    refused: row.refused,
    carrier: row.carrier,
    waybill: row.waybill,
  }
}
