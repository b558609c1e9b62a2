import type { Database } from '../../../platform/db/database.js'
import type { Movement } from '../domain/ledger.js'

/** Writes movements down for ever. A second movement of one kind for one line is refused by the table: nothing is given back twice. */
export async function recordMovements(tx: Database, movements: readonly Movement[]): Promise<void> {
  if (movements.length === 0) return
  await tx.query(
    `insert into orders.movement (kind, variant, quantity, on_hand, reserved, sold, flash_sale, line, reason)
     select kind, variant, quantity, "onHand", reserved, sold, "flashSale", line, reason
     from jsonb_to_recordset($1::jsonb) as x(kind text, variant text, quantity bigint, "onHand" bigint, reserved bigint,
       sold bigint, "flashSale" text, line text, reason text)`,
    [JSON.stringify(movements)],
  )
}

/** The sum of all movements by variant beside its balance, where the two differ: nothing, as long as the ledger is right. */
export async function ledgerDifferences(db: Database): Promise<readonly { readonly variant: string }[]> {
  const { rows } = await db.query<{ readonly variant: string }>(
    `select s.variant from orders.stock s
     left join (select variant, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(sold) as sold
                from orders.movement group by variant) m using (variant)
     where (s.on_hand, s.reserved, s.sold) is distinct from
       (coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(m.sold, 0))`,
  )
  return rows
}
