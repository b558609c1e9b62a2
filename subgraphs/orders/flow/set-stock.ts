import { refuse } from '../../../schema/refuse.js'
import { plainMovement } from '../domain/ledger.js'
import { MAIN } from '../domain/warehouses.js'
import { findGoods } from '../store/goods.js'
import { freeAt, lockStock } from '../store/stock.js'
import { keepAndTell } from './keep-books.js'
import { again } from './retry.js'
import { needWarehouseFor } from './save-warehouse.js'
import { announce, type Shop } from './shop.js'

/** A count of what may be sold. */
export interface Count {
  readonly variant: string
  readonly warehouse?: string
  readonly available: number
  readonly reason: string
}

/** Somebody counted: this many may be sold from a warehouse from now on. What is held and sold stays so. */
export async function setStock(shop: Shop, { variant, warehouse = MAIN, available, reason }: Count): Promise<void> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const locked = await lockStock(tx, [variant])
      const stock = locked.get(variant)
      if (stock === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
      const goods = (await findGoods(tx, [variant])).get(variant)
      await needWarehouseFor(tx, warehouse, goods?.seller ?? '')
      const onHand = available - freeAt(stock, warehouse)
      if (onHand === 0) return
      const at = await shop.databaseClock(tx)
      const movements = [plainMovement('count', { variant, warehouse, onHand, reserved: 0, sold: 0 }, { reason })]
      await keepAndTell(tx, { entries: { movements, stock: locked, sales: [], taken: [] }, at })
    }),
  )
  announce(shop, [])
}
