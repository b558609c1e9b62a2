import type { Database } from '../../../platform/db/database.js'
import type { Clock } from '../../../platform/time/clock.js'
import { saveBrands } from '../store/brands.js'
import { findProducts } from '../store/find-products.js'
import { findUnindexed, indexProducts } from '../store/index-products.js'
import { setBrands } from '../store/save-products.js'

const BATCH = 500

/** Indexes what an older version of the shop has left, batch by batch; nothing at all when there is none. */
export async function indexAgain(db: Database, clock: Clock): Promise<number> {
  let indexed = 0
  for (let ids = await findUnindexed(db, BATCH); ids.length > 0; ids = await findUnindexed(db, BATCH)) {
    const batch = ids
    await db.transaction(async (tx) => {
      const products = (await findProducts(tx, batch)).filter((product) => product !== null)
      await saveBrands(
        tx,
        products.flatMap(({ vendor }) => vendor ?? []),
        clock.now(),
      )
      await setBrands(tx, products)
      await indexProducts(
        tx,
        products.map(({ categoryPath, descriptionHtml, ...product }) => ({
          ...product,
          category: categoryPath,
          description: descriptionHtml,
        })),
      )
    })
    indexed += batch.length
  }
  return indexed
}
