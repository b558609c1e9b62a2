import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import type { PartnerRefund } from '../domain/partner-refund.js'
import { SCHEMA, type KuaishouTables } from './kuaishou-tables.js'

/** What was read of a refund at the partner's, under one version. */
export interface RefundContent extends Pick<
  PartnerRefund,
  'refundId' | 'oid' | 'state' | 'status' | 'negotiation' | 'withReturn' | 'amountMinor'
> {
  readonly version: number
}

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** The row of a refund, made when it is not there, with the newest version heard of. */
export async function hearRefund(db: Database, { refundId, oid }: { refundId: string; oid: string }, version: number) {
  await open(db)
    .insertInto('refund')
    .values({
      ...{ refund_id: refundId, oid, seen_version: version, known_version: 0, state: null, status: 0 },
      ...{ negotiation: 0, with_return: false, amount_minor: 0, refused: null },
    })
    .onConflict((clash) =>
      clash.column('refund_id').doUpdateSet({ seen_version: version }).where('refund.seen_version', '<', version),
    )
    .execute()
}

/** Keeps what was read, unless something newer was read before. */
export async function keepRefund(db: Database, content: RefundContent): Promise<void> {
  await hearRefund(db, content, content.version)
  await open(db)
    .updateTable('refund')
    .set({
      known_version: content.version,
      ...{ state: content.state, status: content.status, negotiation: content.negotiation },
      ...{ with_return: content.withReturn, amount_minor: content.amountMinor },
    })
    .where('refund_id', '=', content.refundId)
    .where('known_version', '<=', content.version)
    .execute()
}

/** A refund with how far our shop's order is. */
export async function readRefund(db: Database, refundId: string): Promise<PartnerRefund | null> {
  const row = await open(db)
    .selectFrom('refund')
    .leftJoin('partner_order', 'partner_order.oid', 'refund.oid')
    .selectAll('refund')
    .select(['partner_order.shop_state', leftMinor().as('left_minor')])
    .where('refund_id', '=', refundId)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    ...{ refundId: row.refund_id, oid: row.oid, seenVersion: row.seen_version, knownVersion: row.known_version },
    ...{ state: row.state, status: row.status, negotiation: row.negotiation, withReturn: row.with_return },
    ...{ amountMinor: row.amount_minor, leftMinor: row.left_minor ?? 0, givenMinor: row.given_minor },
    ...{ shopState: row.shop_state, refused: row.refused },
  }
}

/** Of the rows `refund` and `partner_order`: what the order came to, less what our shop gave back for its other refunds. */
export function leftMinor(): RawBuilder<number | null> {
  return sql`partner_order.total_minor - (select coalesce(sum(other.given_minor), 0)::bigint from ${sql.table(`${SCHEMA}.refund`)} other
    where other.oid = refund.oid and other.refund_id <> refund.refund_id)`
}

/** What our shop gave back for a refund. */
export async function keepGiven(db: Database, refundId: string, minor: number): Promise<void> {
  await open(db).updateTable('refund').set({ given_minor: minor }).where('refund_id', '=', refundId).execute()
}

/** The shop would not give the money back. */
export async function keepRefundRefused(db: Database, refundId: string, code: string): Promise<void> {
  await open(db).updateTable('refund').set({ refused: code }).where('refund_id', '=', refundId).execute()
}

/** The refunds of orders that are not at their end: what our shop tells of an order may be their turn. */
export async function findOpenRefunds(db: Database, oids: readonly string[]): Promise<readonly string[]> {
  if (oids.length === 0) return []
  const rows = await open(db)
    .selectFrom('refund')
    .select('refund_id')
    .where('oid', 'in', [...oids])
    .where((where) => where.or([where('state', 'is', null), where('state', 'not in', ['DONE', 'REFUSED'])]))
    .execute()
  return rows.map((row) => row.refund_id)
}
