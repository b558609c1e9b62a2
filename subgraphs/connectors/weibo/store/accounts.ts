import type { Database } from '../../../../platform/db/database.js'

/** A member's account at the network. */
export interface AccountRow {
  readonly member: string
  readonly uid: string
  /** Sealed; null once the network has said that it is none. */
  readonly token: Uint8Array | null
  readonly expiresAt: Date
  readonly boundAt: Date
}

const COLUMNS = 'member, uid, token, expires_at as "expiresAt", bound_at as "boundAt"'

/** Binds a member's account, or binds it anew. False when another member has this account. */
export async function bindAccount(db: Database, row: AccountRow & { readonly token: Uint8Array }): Promise<boolean> {
  const { count } = await db.query(
    `insert into weibo.account (member, uid, token, expires_at, bound_at)
     select $1::text, $2::text, $3::bytea, $4::timestamptz, $5::timestamptz
     where not exists (select 1 from weibo.account where uid = $2 and member <> $1)
     on conflict (member) do update set uid = excluded.uid, token = excluded.token, expires_at = excluded.expires_at,
       bound_at = excluded.bound_at, resting_until = null`,
    [row.member, row.uid, row.token, row.expiresAt, row.boundAt],
  )
  return count === 1
}

/** One row or null for each member, in their order. */
export async function findAccounts(db: Database, members: readonly string[]): Promise<readonly (AccountRow | null)[]> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from weibo.account where member = any($1)`, [members])
  const byMember = new Map(rows.map((row) => [row.member, row]))
  return members.map((member) => byMember.get(member) ?? null)
}

/** The network no longer takes the token: the member must consent again. */
export async function loseToken(db: Database, uid: string): Promise<void> {
  await db.query('update weibo.account set token = null where uid = $1', [uid])
}

/**
 * The account that has asked least today and may still ask, its call counted: the daily quota is spread over all of them.
 * Null when all have asked enough.
 */
export async function spendCall(db: Database, { now, most }: { now: Date; most: number }): Promise<AccountRow | null> {
  const { rows } = await db.query<AccountRow>(
    `update weibo.account set calls = case when calls_day = $1::date then calls + 1 else 1 end, calls_day = $1::date
     where member = (
       select member from weibo.account
       where token is not null and expires_at > $2 and (resting_until is null or resting_until <= $2)
         and (calls_day is distinct from $1::date or calls < $3)
       order by case when calls_day = $1::date then calls else 0 end, member limit 1 for update skip locked)
     returning ${COLUMNS}`,
    [day(now), now, most],
  )
  return rows[0] ?? null
}

/** Believes the network that an account has asked enough, whatever our own count says. */
export async function restAccount(db: Database, uid: string, until: Date): Promise<void> {
  await db.query('update weibo.account set resting_until = $2 where uid = $1', [uid, until])
}

/** How many accounts may ask at all. */
export async function countAccounts(db: Database, now: Date): Promise<number> {
  const { rows } = await db.query<{ accounts: number }>(
    'select count(*)::int as accounts from weibo.account where token is not null and expires_at > $1',
    [now],
  )
  return rows[0]?.accounts ?? 0
}

/** The network counts days in its own time, UTC+8. */
function day(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}
