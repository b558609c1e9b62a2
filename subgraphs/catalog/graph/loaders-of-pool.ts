import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import { findPoolEntries, poolStepsOf, type PoolRow, type PoolStepRow } from '../store/pool-rows.js'

/** An entry as the graph shows it. */
export function poolEntryView(row: PoolRow) {
  const { id, product: productId, seller, category, state, grade, reasons } = row
  return {
    ...{ id, productId, seller, category, state, grade, reasons, number: row.number },
    ...{ commissionBp: row.commission_bp, marginBp: row.margin_bp },
    ...{ submittedAt: row.submitted_at, decidedAt: row.decided_at },
  }
}
export type PoolEntryView = ReturnType<typeof poolEntryView>

/** What one request loads of the pool by id. */
export function poolLoaders(db: Database) {
  return {
    poolEntries: new DataLoader(async (ids: readonly string[]) => {
      const rows = await findPoolEntries(db, ids)
      return ids.map((id) => {
        const row = rows.get(id)
        return row === undefined ? null : poolEntryView(row)
      })
    }),
    poolSteps: new DataLoader(async (ids: readonly string[]): Promise<readonly (readonly PoolStepRow[])[]> => {
      const steps = await poolStepsOf(db, ids)
      return ids.map((id) => steps.get(id) ?? [])
    }),
  }
}
