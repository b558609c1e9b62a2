import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import type { AddressFields } from '../domain/address.js'
import { membersTables } from './members-tables.js'

/** An address as it is kept. */
export interface Address extends AddressFields {
  readonly id: string
}

/** The addresses of each member, the newest first, in the order of the members. */
export async function findAddresses(
  db: Database,
  members: readonly string[],
): Promise<readonly (readonly Address[])[]> {
  const rows = await membersTables(db)
    .selectFrom('address')
    .select(['id', 'member_id as member', 'region_code as regionCode', 'line', 'receiver', 'phone'])
    .where('member_id', '=', sql<string>`any(${members}::text[])`)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  const byMember = new Map<string, Address[]>(members.map((id) => [id, []]))
  for (const { member, ...address } of rows) byMember.get(member)?.push(address)
  return members.map((id) => byMember.get(id) ?? [])
}

/** Writes an address unless its member has `most` already; false then. */
export async function addAddress(
  tx: Database,
  { id, member, address, most }: { id: string; member: string; address: AddressFields; most: number },
  now: Date,
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into members.address (id, member_id, region_code, line, receiver, phone, created_at)
     select $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::timestamptz
     where (select count(*) from members.address where member_id = $2) < $8::int`,
    [id, member, address.regionCode, address.line, address.receiver, address.phone, now, most],
  )
  return count === 1
}
