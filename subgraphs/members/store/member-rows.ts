import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { membersTables } from './members-tables.js'

/** A member as it is kept. */
export interface Member {
  readonly id: string
  readonly nickname: string
  readonly plusUntil: Date | null
}

/** One member or null for each id, in the order of the ids. */
export async function findMembers(db: Database, ids: readonly string[]): Promise<readonly (Member | null)[]> {
  const rows = await membersTables(db)
    .selectFrom('member')
    .select(['id', 'nickname', 'plus_until as plusUntil'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** A member to be known under a nickname. */
export interface NamedMember {
  readonly id: string
  readonly nickname: string
}

/** A member that is new or has a new nickname. */
export interface SavedMember extends NamedMember {
  readonly version: number
}

/** Writes many members in one statement, in the order of their ids, and gives those that are new or renamed by it. */
export async function saveMembers(
  tx: Database,
  members: readonly NamedMember[],
  now: Date,
): Promise<readonly SavedMember[]> {
  const { rows } = await tx.query<SavedMember>(
    `insert into members.member as kept (id, nickname, version, created_at)
     select id, nickname, 1, $3::timestamptz from unnest($1::text[], $2::text[]) as named (id, nickname) order by id
     on conflict (id) do update set nickname = excluded.nickname, version = kept.version + 1
       where kept.nickname <> excluded.nickname
     returning id, nickname, version`,
    [members.map(({ id }) => id), members.map(({ nickname }) => nickname), now],
  )
  return rows
}

/** Writes a member that acts and is not known yet; a known one keeps its name. Gives it when it is new. */
export async function knowMember(tx: Database, { id, nickname }: NamedMember, now: Date): Promise<SavedMember | null> {
  const { count } = await tx.query(
    `insert into members.member (id, nickname, version, created_at) values ($1, $2, 1, $3) on conflict (id) do nothing`,
    [id, nickname, now],
  )
  return count === 0 ? null : { id, nickname, version: 1 }
}

/** Until when a member has PLUS, with its row locked until the transaction ends. */
export async function lockPlus(tx: Database, member: string): Promise<Date | null> {
  const { rows } = await tx.query<{ plus_until: Date | null }>(
    'select plus_until from members.member where id = $1 for update',
    [member],
  )
  return rows[0]?.plus_until ?? null
}

/** A period of PLUS, by the name of its grant. */
export interface PlusPeriod {
  readonly grant: string
  readonly member: string
  readonly years: number
  readonly from: Date
  readonly until: Date
}

/** Writes a period and moves the end of the member's PLUS; false when the grant was written before. */
export async function addPlusPeriod(tx: Database, period: PlusPeriod, now: Date): Promise<boolean> {
  const { count } = await tx.query(
    `with added as (
       insert into members.plus_period (grant_name, member_id, years, starts_at, ends_at, granted_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (grant_name) do nothing returning member_id, ends_at)
     update members.member set plus_until = added.ends_at from added where member.id = added.member_id`,
    [period.grant, period.member, period.years, period.from, period.until, now],
  )
  return count === 1
}

/** A period of PLUS as its member is shown it. */
export interface PlusPeriodRow {
  readonly grant: string
  readonly years: number
  readonly startsAt: Date
  readonly endsAt: Date
  readonly grantedAt: Date
}

/** The newest periods of a member first, at most `limit`, behind the one that began at `after` under that grant. */
export async function pagePeriods(
  db: Database,
  member: string,
  { limit, after }: { limit: number; after: { readonly startsAt: Date; readonly grant: string } | null },
): Promise<readonly PlusPeriodRow[]> {
  const { rows } = await db.query<PlusPeriodRow>(
    `select grant_name as grant, years, starts_at as "startsAt", ends_at as "endsAt", granted_at as "grantedAt"
     from members.plus_period
     where member_id = $1 and ($2::timestamptz is null or (starts_at, grant_name) < ($2, $3))
     order by starts_at desc, grant_name desc limit $4`,
    [member, after?.startsAt ?? null, after?.grant ?? null, limit],
  )
  return rows
}
