import type { Database } from '../../../platform/db/database.js'

/** Which sellers a merchant acts for. */
export const MERCHANTS = `
  create table members.merchant (
    member_id text primary key references members.member (id),
    version int not null,
    sellers text[] not null,
    bound_by text not null,
    bound_at timestamptz not null
  );`

/** A merchant, bound to other sellers than before. */
export interface Binding {
  readonly member: string
  readonly sellers: readonly string[]
  readonly by: string
}

/** Binds a merchant to these sellers and to no other; gives the new version, null when it was so before. */
export async function bindSellers(tx: Database, { member, sellers, by }: Binding, now: Date): Promise<number | null> {
  const { rows } = await tx.query<{ readonly version: number }>(
    `insert into members.merchant as kept (member_id, version, sellers, bound_by, bound_at) values ($1, 1, $2::text[], $3, $4)
     on conflict (member_id) do update set version = kept.version + 1, sellers = excluded.sellers, bound_by = excluded.bound_by,
       bound_at = excluded.bound_at where kept.sellers <> excluded.sellers
     returning version`,
    [member, sellers, by, now],
  )
  return rows[0]?.version ?? null
}

/** The sellers of each of these members, in their order; nobody's for who is no merchant. */
export async function findSellers(db: Database, members: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { rows } = await db.query<{ readonly member_id: string; readonly sellers: readonly string[] }>(
    'select member_id, sellers from members.merchant where member_id = any($1::text[])',
    [members],
  )
  const found = new Map(rows.map((row) => [row.member_id, row.sellers]))
  return members.map((member) => found.get(member) ?? [])
}
