import type { Database } from '../../../platform/db/database.js'
import type { AddressKept, AddressRemoved } from '../../../schema/events/members.js'

/** Copies of what members keep, sealed. Of one that was removed the id stays, so that nothing older brings it back. */
export const MEMBER_ADDRESSES = `
create table orders.member_address (
  id text primary key,
  member text not null,
  sealed bytea
);
`

/** What an order that was just paid is sent to, where its member has told it; in a statement over `orders.purchase p`. */
export const TOLD_ADDRESS =
  '(select a.sealed from orders.member_address a where a.id = p.address_id and a.member = p.member)'

/** Keeps copies of addresses. */
export async function keepMemberAddresses(tx: Database, told: readonly AddressKept[]): Promise<void> {
  await tx.query(
    `insert into orders.member_address (id, member, sealed)
     select address, member, decode(sealed, 'base64') from jsonb_to_recordset($1::jsonb) as x(address text, member text, sealed text)
     order by address on conflict (id) do nothing`,
    [JSON.stringify(told)],
  )
}

/** Writes these addresses on the rows of the orders that go there, have not left, and do not have it yet. Locks them in the order of everybody. */
export async function addressOrders(tx: Database, addresses: readonly string[]): Promise<void> {
  await tx.query(
    `with waiting as (
       select p.id, a.sealed from orders.member_address a join orders.purchase p on p.member = a.member and p.address_id = a.id
       where a.id = any($1::text[]) and a.sealed is not null and p.address_sealed is null
         and coalesce(p.closed_at, p.shipped_at) is null
       order by p.id for update of p)
     update orders.purchase p set address_sealed = w.sealed from waiting w where p.id = w.id`,
    [addresses],
  )
}

/** Deletes the copies of what their members removed. */
export async function forgetMemberAddresses(tx: Database, told: readonly AddressRemoved[]): Promise<void> {
  await tx.query(
    `insert into orders.member_address (id, member)
     select distinct on (address) address, member from jsonb_to_recordset($1::jsonb) as x(address text, member text)
     order by address on conflict (id) do update set sealed = null`,
    [JSON.stringify(told)],
  )
}
