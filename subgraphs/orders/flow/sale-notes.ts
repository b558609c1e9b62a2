import type { Database } from '../../../platform/db/database.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'

/** What a transaction saw or made of a sale, for whoever decides by it afterwards. */
export interface SaleNote {
  readonly flashSale: string
  readonly version: number
  readonly state: FlashSaleState
  /** Pieces set aside for who waited: to them it sells though it is sold out. */
  readonly aside: number
  /** Whether others must hear of it: it is not what was told of it before. */
  readonly turned: boolean
}

/** By the handle of the transaction, which ends with it: what is rolled back is never told. */
const NOTED = new WeakMap<Database, SaleNote[]>()

/** Notes sales until the transaction is committed. */
export function noteSales(tx: Database, notes: readonly SaleNote[]): void {
  if (notes.length === 0) return
  const noted = NOTED.get(tx)
  if (noted === undefined) NOTED.set(tx, [...notes])
  else noted.push(...notes)
}

/** The same database; after the commit of each of its transactions `heard` is given what was noted in it. */
export function hearingNotes(db: Database, heard: (notes: readonly SaleNote[]) => void): Database {
  return {
    query: (...asked) => db.query(...asked),
    close: () => db.close(),
    async transaction(work) {
      let noted: readonly SaleNote[] = []
      const answer = await db.transaction(async (tx) => {
        const done = await work(tx)
        noted = NOTED.get(tx) ?? []
        return done
      })
      if (noted.length > 0) heard(noted)
      return answer
    },
  }
}
