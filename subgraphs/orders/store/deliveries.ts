import type { Database } from '../../../platform/db/database.js'
import type { DeliverySet } from '../../../schema/events/catalog.js'

/** Where products are delivered to, as catalog told it last; goods bear a copy of it, and null where it never told. */
export const DELIVERIES = `
create table orders.delivery (
  product text primary key,
  version bigint not null,
  only_to text[] not null,
  except_to text[] not null
);
alter table orders.goods add column deliver_only text[], add column deliver_except text[];
`

/** Keeps the newest of what was told; one entry per product. */
export async function keepDeliveries(tx: Database, told: readonly DeliverySet[]): Promise<void> {
  const { rows } = await tx.query<{ readonly product: string }>(
    `insert into orders.delivery as d (product, version, only_to, except_to)
     select product, version, "only", "except"
     from jsonb_to_recordset($1::jsonb) as x(product text, version bigint, "only" text[], "except" text[]) order by product
     on conflict (product) do update set version = excluded.version, only_to = excluded.only_to, except_to = excluded.except_to
     where d.version < excluded.version
     returning product`,
    [JSON.stringify(told)],
  )
  await name(
    tx,
    'g.product = any($1::text[])',
    rows.map((row) => row.product),
  )
}

/** Goods that came later than what was told of their product bear it too. */
export function nameDeliveries(tx: Database, variants: readonly string[]): Promise<void> {
  return name(tx, 'g.variant = any($1::text[])', variants)
}

async function name(tx: Database, which: string, ids: readonly string[]): Promise<void> {
  await tx.query(
    `update orders.goods g set deliver_only = d.only_to, deliver_except = d.except_to from orders.delivery d
     where ${which} and d.product = g.product`,
    [ids],
  )
}
