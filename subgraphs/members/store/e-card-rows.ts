import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { membersTables } from './members-tables.js'

/** The account of a member in one currency, as asked for. */
export interface ECardKey {
  readonly member: string
  readonly currency: string
}

/** One movement of an e-card account. */
export interface ECardEntry {
  readonly number: number
  readonly amountMinor: number
  readonly balanceMinor: number
  readonly currency: string
  readonly reason: string
  readonly at: Date
}

/** The balance of each account, in the order asked; an account without entries has 0. */
export async function findBalances(db: Database, keys: readonly ECardKey[]): Promise<readonly number[]> {
  const { rows } = await db.query<{ place: number; balance: number | null }>(
    `select asked.place::int as place, e_card.balance_minor as balance
     from unnest($1::text[], $2::text[]) with ordinality as asked (member_id, currency, place)
     join members.e_card on e_card.member_id = asked.member_id and e_card.currency = asked.currency`,
    [keys.map(({ member }) => member), keys.map(({ currency }) => currency)],
  )
  const found = new Map(rows.map(({ place, balance }) => [place, balance ?? 0]))
  return keys.map((_, at) => found.get(at + 1) ?? 0)
}

/** The newest entries of an account first, at most `limit`, behind the number `after`. */
export async function pageEntries(
  db: Database,
  { member, currency }: ECardKey,
  { limit, after }: { limit: number; after: number | null },
): Promise<readonly ECardEntry[]> {
  return await membersTables(db)
    .selectFrom('e_card_entry')
    .select(['number', 'amount_minor as amountMinor', 'balance_minor as balanceMinor', 'currency', 'reason', 'at'])
    .where('member_id', '=', member)
    .where('currency', '=', currency)
    .$if(after !== null, (query) => query.where('number', '<', sql<number>`${after}::bigint`))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
}

/** A movement to be written, by the name of what caused it. */
export interface ECardMovement extends ECardKey {
  readonly cause: string
  readonly amountMinor: number
  readonly reason: string
}

/** Writes a movement and the new balance; the same cause is written once. False when it was written before. */
export async function moveECard(tx: Database, movement: ECardMovement, now: Date): Promise<boolean> {
  const { cause, member, currency, amountMinor, reason } = movement
  const { rows } = await tx.query('select 1 from members.e_card_entry where cause = $1', [cause])
  if (rows.length > 0) return false
  await tx.query(
    `insert into members.e_card (member_id, currency, balance_minor) values ($1, $2, 0) on conflict do nothing`,
    [member, currency],
  )
  // Added to a row that is there: as an insert the check would refuse what goes out before the conflict is seen.
  await tx.query(
    `with account as (
       update members.e_card set balance_minor = balance_minor + $3::bigint where member_id = $1 and currency = $2
       returning balance_minor)
     insert into members.e_card_entry (cause, member_id, currency, amount_minor, balance_minor, reason, at)
     select $4, $1, $2, $3::bigint, account.balance_minor, $5, $6 from account`,
    [member, currency, amountMinor, cause, reason, now],
  )
  return true
}
