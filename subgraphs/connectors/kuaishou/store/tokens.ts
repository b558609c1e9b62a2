import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import { later } from '../../errands.js'
import { SCHEMA, type KuaishouTables, type TokenTable } from './kuaishou-tables.js'

/** For how long one process has the refreshing to itself; less than a used refresh token lives. */
const REFRESH_LEASE_MS = 30_000

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** The tokens that we hold; null before the seller has agreed. */
export async function readToken(db: Database, appKey: string): Promise<TokenTable | null> {
  const row = await open(db).selectFrom('token').selectAll().where('app_key', '=', appKey).executeTakeFirst()
  return row ?? null
}

/** Keeps new tokens, and with that ends the lock of who refreshed. */
export async function keepToken(
  db: Database,
  appKey: string,
  told: Omit<TokenTable, 'app_key' | 'refreshing_until'>,
): Promise<void> {
  await open(db)
    .insertInto('token')
    .values({ ...told, app_key: appKey, refreshing_until: null })
    .onConflict((clash) => clash.column('app_key').doUpdateSet({ ...told, refreshing_until: null }))
    .execute()
}

/**
 * Locks the row for one refresher of the token that was `seen`; null when another has it, or has refreshed already.
 * The lock ends by itself when its owner died.
 */
export async function lockForRefresh(
  db: Database,
  seen: Pick<TokenTable, 'app_key' | 'access_until'>,
  now: Date,
): Promise<TokenTable | null> {
  const row = await open(db)
    .updateTable('token')
    .set({ refreshing_until: later(now, REFRESH_LEASE_MS) })
    .where('app_key', '=', seen.app_key)
    .where('access_until', '=', seen.access_until)
    .where((where) => where.or([where('refreshing_until', 'is', null), where('refreshing_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}
