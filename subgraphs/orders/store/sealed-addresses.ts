import type { Database } from '../../../platform/db/database.js'

/** Orders that have ended, or left for good when nobody ever says that they arrived, and still know where their parcel went. */
export const ADDRESSES_END = `
create index purchase_address_to_forget on orders.purchase (coalesce(closed_at, shipped_at))
  where address_sealed is not null and coalesce(closed_at, shipped_at) is not null;
`

/** Where orders go now; one that has left already goes where it was sent. Addresses are sealed, in Base64. */
export async function keepAddresses(
  tx: Database,
  addresses: readonly { readonly id: string; readonly sealed: string }[],
): Promise<void> {
  if (addresses.length === 0) return
  await tx.query(
    `update orders.purchase p set address_sealed = decode(a.sealed, 'base64')
     from unnest($1::text[], $2::text[]) as a(id, sealed)
     where p.id = a.id and p.state in ('RESERVED', 'PAYING', 'PAID')`,
    [addresses.map((address) => address.id), addresses.map((address) => address.sealed)],
  )
}

/** Where these orders' parcels go, sealed, by order; those of which nothing is known are not there. */
export async function sealedAddresses(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { rows } = await db.query<{ readonly id: string; readonly sealed: Uint8Array }>(
    `select id, address_sealed as sealed from orders.purchase where id = any($1::text[]) and address_sealed is not null`,
    [purchases],
  )
  return new Map(rows.map(({ id, sealed }) => [id, sealed]))
}

/**
 * Forgets where the parcels of orders went that ended before this time, or left before it and were never said to have arrived, unless a
 * return or an exchange of theirs is under way. Gives how many.
 */
export async function purgeAddresses(
  db: Database,
  { before, most }: { readonly before: Date; readonly most: number },
): Promise<number> {
  const { count } = await db.query(
    `with ended as (
       select id from orders.purchase p where address_sealed is not null and coalesce(closed_at, shipped_at) < $1
         and not exists (select from orders.after_sale a where a.purchase = p.id and a.closed_at is null)
         and (state <> 'COMPLETED' or not exists (
           select from orders.parcel x where x.purchase = p.id and x.state in ('WAITING', 'SHIPPED')))
       order by coalesce(closed_at, shipped_at) limit $2 for update skip locked)
     update orders.purchase p set address_sealed = null from ended where p.id = ended.id`,
    [before, most],
  )
  return count
}
