import type { Database } from '../../../platform/db/database.js'

/** An order all of whose lines are of sellers that a member acts for; `p` is the order, the parameter holds the member. */
export const ACTED_FOR = (member: string): string => `exists (select from orders.line l where l.purchase = p.id)
  and not exists (select from orders.line l left join orders.goods g on g.variant = l.variant where l.purchase = p.id
    and not exists (select from orders.acting_for a where a.member = ${member} and g.seller = any(a.sellers)))`

/** Those of these orders whose lines are all of sellers that the member acts for. */
export async function actedFor(db: Database, member: string, orders: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ readonly id: string }>(
    `select p.id from unnest($1::text[]) as p(id) where ${ACTED_FOR('$2::text')}`,
    [orders, member],
  )
  return new Set(rows.map((row) => row.id))
}
