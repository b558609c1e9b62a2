import type { Database } from '../../../platform/db/database.js'
import type { ParcelState } from '../domain/parcels.js'

/** What one seller sends of an order from one warehouse. */
export interface ParcelRow {
  readonly id: string
  readonly purchase: string
  readonly place: number
  readonly seller: string
  readonly warehouse: string
  readonly state: ParcelState
  readonly carrier: string | null
  readonly waybill: string | null
  readonly shipped_at: Date | null
  readonly received_at: Date | null
}

const COLUMNS =
  'p.id, p.purchase, p.place, p.seller, p.warehouse, p.state, p.carrier, p.waybill, p.shipped_at, p.received_at'

/** Splits paid orders: one parcel for each seller and warehouse, in the order of the lines. */
export async function splitByParcel(tx: Database, purchases: readonly string[]): Promise<void> {
  await tx.query(
    `with sold as (
       select l.id, l.purchase, l.place, coalesce(g.seller, 'unknown') as seller, l.warehouse
       from orders.line l left join orders.goods g using (variant) where l.purchase = any($1::text[]) and l.undone < l.quantity),
     made as (
       insert into orders.parcel (id, purchase, place, seller, warehouse, state)
       select 'Parcel:' || substr(purchase, 7) || '-' || place, purchase, place, seller, warehouse, 'WAITING'
       from (select purchase, seller, warehouse, row_number() over (partition by purchase order by min(place)) as place
             from sold group by purchase, seller, warehouse) s
       returning id, purchase, seller, warehouse)
     update orders.line l set parcel = made.id from sold join made using (purchase, seller, warehouse) where l.id = sold.id`,
    [purchases],
  )
}

/** The parcels of these orders, by order. */
export async function parcelsOf(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, readonly ParcelRow[]>> {
  const { rows } = await db.query<ParcelRow>(
    `select ${COLUMNS} from orders.parcel p where p.purchase = any($1::text[]) order by p.purchase, p.place`,
    [purchases],
  )
  const byPurchase = new Map<string, ParcelRow[]>()
  for (const row of rows) byPurchase.set(row.purchase, [...(byPurchase.get(row.purchase) ?? []), row])
  return byPurchase
}

/** The order that a parcel belongs to; null for an unknown one. */
export async function orderOfParcel(db: Database, id: string): Promise<string | null> {
  const { rows } = await db.query<{ readonly purchase: string }>('select purchase from orders.parcel where id = $1', [
    id,
  ])
  return rows[0]?.purchase ?? null
}

/** Parcels leave: one, or all that wait of these orders. Gives those that did. */
export async function shipParcels(
  tx: Database,
  which: { readonly purchases: readonly string[] } | { readonly id: string },
  how: { readonly carrier: string | null; readonly waybill: string | null; readonly at: Date },
): Promise<readonly ParcelRow[]> {
  const [column, keys] = 'id' in which ? ['id', [which.id]] : ['purchase', which.purchases]
  const { rows } = await tx.query<ParcelRow>(
    `update orders.parcel p set state = 'SHIPPED', carrier = $2, waybill = $3, shipped_at = $4
     where p.${column} = any($1::text[]) and p.state = 'WAITING' returning ${COLUMNS}`,
    [keys, how.carrier, how.waybill, how.at],
  )
  return rows
}

/** Parcels arrive: one, or all that are under way of these orders. Gives those that did. */
export async function receiveParcels(
  tx: Database,
  which: { readonly purchases: readonly string[] } | { readonly id: string },
  at: Date,
): Promise<readonly ParcelRow[]> {
  const [column, keys] = 'id' in which ? ['id', [which.id]] : ['purchase', which.purchases]
  const { rows } = await tx.query<ParcelRow>(
    `update orders.parcel p set state = 'RECEIVED', received_at = $2
     where p.${column} = any($1::text[]) and p.state = 'SHIPPED' returning ${COLUMNS}`,
    [keys, at],
  )
  return rows
}

/** Parcels of an order that wait and of which nothing is bought any more do not leave. */
export async function cancelEmptyParcels(tx: Database, purchase: string): Promise<void> {
  await tx.query(
    `update orders.parcel p set state = 'CANCELLED' where p.purchase = $1 and p.state = 'WAITING'
     and not exists (select from orders.line l where l.parcel = p.id and l.undone < l.quantity)`,
    [purchase],
  )
}

/** A parcel more, for a line that came into a paid order later. Gives its seller. */
export async function addParcel(
  tx: Database,
  { purchase, line }: { readonly purchase: string; readonly line: string },
): Promise<string> {
  const { rows } = await tx.query<{ readonly seller: string }>(
    `with made as (
       insert into orders.parcel (id, purchase, place, seller, warehouse, state)
       select 'Parcel:' || substr($1, 7) || '-' || p.place, $1, p.place, coalesce(g.seller, 'unknown'), l.warehouse, 'WAITING'
       from (select coalesce(max(place), 0) + 1 as place from orders.parcel where purchase = $1) p,
         orders.line l left join orders.goods g using (variant) where l.id = $2
       returning id, seller),
     put as (update orders.line l set parcel = made.id from made where l.id = $2)
     select seller from made`,
    [purchase, line],
  )
  return rows[0]?.seller ?? 'unknown'
}
