import type { Database } from '../../../platform/db/database.js'
import type { Movement } from '../domain/ledger.js'

/** Writes movements down for ever. A second movement of one kind for one part of a line is refused by the table: nothing is given back twice. */
export async function recordMovements(tx: Database, movements: readonly Movement[]): Promise<void> {
  if (movements.length === 0) return
  await tx.query(
    `insert into orders.movement (kind, variant, warehouse, quantity, on_hand, reserved, sold, flash_sale, line, part, reason)
     select kind, variant, warehouse, quantity, "onHand", reserved, sold, "flashSale", line, part, reason
     from jsonb_to_recordset($1::jsonb) as x(kind text, variant text, warehouse text, quantity bigint, "onHand" bigint, reserved bigint,
       sold bigint, "flashSale" text, line text, part integer, reason text)`,
    [JSON.stringify(movements)],
    { prepared: true },
  )
}

/** The sum of all movements by variant and warehouse beside its balance, where the two differ: nothing, as long as the ledger is right. */
export async function ledgerDifferences(db: Database): Promise<readonly { readonly variant: string }[]> {
  const { rows } = await db.query<{ readonly variant: string }>(
    `select variant from orders.shelf s
     full join (select variant, warehouse, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(sold) as sold
                from orders.movement group by variant, warehouse) m using (variant, warehouse)
     where (coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.sold, 0)) is distinct from
       (coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(m.sold, 0))`,
  )
  return rows
}
