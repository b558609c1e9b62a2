import type { Database } from '../../../platform/db/database.js'
import type { AddressFields } from '../domain/address.js'

/**
 * Addresses are sealed from here on. Those that stand in clear are sealed by the process, which has the key; until then, and as long as a
 * process of the version before is still at work, a row may be either.
 */
export const SEALED_ADDRESSES = `
  alter table members.address add column sealed bytea,
    alter column region_code drop not null, alter column line drop not null,
    alter column receiver drop not null, alter column phone drop not null,
    add check (case when sealed is null then num_nulls(region_code, line, receiver, phone) = 0
      else num_nonnulls(region_code, line, receiver, phone) = 0 end);
  create index address_in_clear on members.address (id) where sealed is null;`

/** Which addresses were told to who ships. Those of the time before, and of a process of the version before, are told by the process. */
export const TOLD_ADDRESSES = `
  alter table members.address add column told boolean not null default false;
  create index address_untold on members.address (id) where not told;`

/** An address as it is shown to its member. */
export interface Address extends AddressFields {
  readonly id: string
}

/** An address as it is kept: sealed, or still in clear. */
export type AddressRow =
  | { readonly id: string; readonly member: string; readonly sealed: Uint8Array }
  | ({ readonly id: string; readonly member: string; readonly sealed: null } & AddressFields)

/** The addresses of these members, the newest first. */
export async function findAddresses(db: Database, members: readonly string[]): Promise<readonly AddressRow[]> {
  const { rows } = await db.query<AddressRow>(
    `select id, member_id as member, sealed, region_code as "regionCode", line, receiver, phone
     from members.address where member_id = any($1::text[]) order by created_at desc, id`,
    [members],
  )
  return rows
}

/** Writes a sealed address that is told, unless its member has `most` already; false then. */
export async function addAddress(
  tx: Database,
  { id, member, sealed, most }: { id: string; member: string; sealed: Uint8Array; most: number },
  now: Date,
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into members.address (id, member_id, sealed, created_at, told)
     select $1::text, $2::text, decode($3, 'base64'), $4::timestamptz, true
     where (select count(*) from members.address where member_id = $2) < $5::int`,
    [id, member, base64(sealed), now, most],
  )
  return count === 1
}

/** Deletes an address of a member, row and all; false when there is none, or it is another's. */
export async function deleteAddress(db: Database, member: string, id: string): Promise<boolean> {
  const { count } = await db.query('delete from members.address where id = $1 and member_id = $2', [id, member])
  return count === 1
}

/** Locks addresses that stand in clear, and passes by what another process holds. */
export async function lockClear(tx: Database, most: number): Promise<readonly Address[]> {
  const { rows } = await tx.query<Address>(
    `select id, region_code as "regionCode", line, receiver, phone from members.address
     where sealed is null order by id limit $1 for update skip locked`,
    [most],
  )
  return rows
}

/** Locks sealed addresses that were not told, marks them as told, and passes by what another process holds. */
export async function takeUntold(tx: Database, most: number): Promise<readonly AddressRow[]> {
  const { rows } = await tx.query<AddressRow>(
    `with untold as (
       select id from members.address where not told and sealed is not null order by id limit $1 for update skip locked)
     update members.address a set told = true from untold u where a.id = u.id
     returning a.id, a.member_id as member, a.sealed, a.region_code as "regionCode", a.line, a.receiver, a.phone`,
    [most],
  )
  return rows
}

/** Puts what is sealed in the place of what stood in clear. */
export async function keepSealed(
  tx: Database,
  rows: readonly { readonly id: string; readonly sealed: Uint8Array }[],
): Promise<void> {
  await tx.query(
    `update members.address a set sealed = decode(s.sealed, 'base64'), region_code = null, line = null, receiver = null, phone = null
     from unnest($1::text[], $2::text[]) as s (id, sealed) where a.id = s.id`,
    [rows.map(({ id }) => id), rows.map(({ sealed }) => base64(sealed))],
  )
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
