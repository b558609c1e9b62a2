import type { Database } from '../../../platform/db/database.js'
import { damageMovement, lineMovement, saleChange } from '../domain/ledger.js'
import type { StockEffect } from '../domain/moves.js'
import { lockForMoving } from '../store/flash-sales.js'
import type { LineRow } from '../store/lines.js'
import { lockStock } from '../store/stock.js'
import { keepBooks, type Books } from './keep-books.js'
import { distinct } from './shop-facts.js'

/** Pieces of a line that move, and whose they are. */
export interface MovingPieces {
  readonly line: LineRow
  readonly buyer: string
  readonly pieces: number
  /** Those of them that come back but cannot be sold again. */
  readonly damaged?: number
}

/** Sales, then stock are locked; pieces go where the effect says, and what a member gives up no longer counts against its limit. */
export async function movePieces(
  tx: Database,
  { effect, moving, at }: { readonly effect: StockEffect; readonly moving: readonly MovingPieces[]; readonly at: Date },
): Promise<Books> {
  const some = moving.filter(({ pieces }) => pieces > 0)
  if (some.length === 0) return NO_BOOKS
  const sales = await lockForMoving(
    tx,
    some.flatMap(({ line }) => (line.flash_sale === null ? [] : [{ flashSale: line.flash_sale, bucket: line.bucket }])),
  )
  const stock = await lockStock(tx, distinct(some.map(({ line }) => line.variant)))
  const closed = (line: LineRow): boolean => sales.get(line.flash_sale ?? '')?.closed ?? true
  const entries = {
    stock,
    movements: some.flatMap((one) => [
      lineMovement(effect, stocked(one.line, one.pieces), closed(one.line)),
      ...(one.damaged ? [damageMovement(stocked(one.line, one.damaged), null)] : []),
    ]),
    sales: some.flatMap(({ line, pieces }) => {
      const sale = sales.get(line.flash_sale ?? '')
      return sale === undefined ? [] : [{ sale, bucket: line.bucket, change: saleChange(effect, pieces, sale.closed) }]
    }),
    taken: some.flatMap(({ line, buyer, pieces }) =>
      line.flash_sale === null || effect === 'sell' ? [] : [{ flashSale: line.flash_sale, buyer, quantity: -pieces }],
    ),
  }
  return keepBooks(tx, entries, at)
}

/** Nothing moves. */
export const NO_BOOKS: Books = { events: [], writing: Promise.resolve() }

function stocked(line: LineRow, quantity: number) {
  const { id, variant, warehouse, returned } = line
  return { id, variant, warehouse, quantity, flashSale: line.flash_sale, returned }
}
