import { tell } from '../../../platform/bus/outbox.js'
import { findFlashSales } from '../store/flash-sales.js'
import { lockForTelling, noteTold, untoldSales } from '../store/sale-buckets.js'
import { noteSales } from './sale-notes.js'
import { announce, type Shop } from './shop.js'
import { flashSaleChanged, saleRowState } from './tell-orders.js'

/** Sales that one round tells of. */
const MOST = 500

/**
 * Tells of divided sales whose buckets have moved: whoever sells from one bucket does not see the others, so that what is left of the whole is
 * told here, as one statement saw all of them. Their versions together grow with each, and the newest is the right one.
 */
export async function tellDivided(shop: Shop): Promise<void> {
  const ids = await untoldSales(shop.db, MOST)
  if (ids.length === 0) return
  await shop.db.transaction(async (tx) => {
    await lockForTelling(tx, ids)
    const [sales, at] = [await findFlashSales(tx, ids), await shop.databaseClock(tx)]
    const told = [...sales.values()].map((sale) => ({
      ...sale,
      before: sale.told_state,
      told_state: saleRowState(sale, at),
    }))
    noteSales(
      tx,
      told.map(({ id, version, told_state: state, before, aside }) => {
        return { flashSale: id, version, state, aside, turned: state !== before }
      }),
    )
    await noteTold(tx, told)
    await tell(
      tx,
      'orders',
      told.map((sale) => flashSaleChanged(sale, at)),
    )
  })
  announce(shop, [])
}
