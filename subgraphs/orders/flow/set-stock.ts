import { tell } from '../../../platform/bus/outbox.js'
import { refuse } from '../../../schema/refuse.js'
import { plainMovement } from '../domain/ledger.js'
import { lockStock } from '../store/stock.js'
import { keepBooks } from './keep-books.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'

/** Somebody counted: this many may be sold from now on. What is held and sold stays so. */
export async function setStock(
  shop: Shop,
  { variant, available, reason }: { variant: string; available: number; reason: string },
): Promise<void> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const stock = (await lockStock(tx, [variant])).get(variant)
      if (stock === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
      const onHand = available - stock.available
      if (onHand === 0) return
      const at = await shop.databaseClock(tx)
      const movements = [plainMovement('count', { variant, onHand, reserved: 0, sold: 0 }, { reason })]
      await tell(tx, 'orders', await keepBooks(tx, { movements, sales: [], taken: [] }, at))
    }),
  )
  announce(shop, [])
}
