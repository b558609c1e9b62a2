import type { Database } from '../../../../platform/db/database.js'
import { refuse } from '../../../../schema/refuse.js'
import type { Ground } from '../../../host/subgraph.js'
import { putErrands } from '../../errands.js'
import { lockSelfOperated } from '../store/goods.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findListings, pageListings, wantListed, wantUnlisted, type ListingRow } from '../store/listings.js'
import { itemErrand } from './hear.js'

/** What people do with listings. */
export interface Listings {
  /** Wants variants sold at the partner's; the item there follows. Only what we sell ourselves is listed. */
  list(variants: readonly string[]): Promise<readonly ListingRow[]>
  unlist(variants: readonly string[]): Promise<readonly ListingRow[]>
  page(after: number, limit: number): Promise<readonly ListingRow[]>
}

/** Listings are wishes in rows; the errand written with them makes the partner's side equal. */
export function listingsOf(ground: Ground, wake: () => void): Listings {
  const { db, clock } = ground
  return {
    list: (variants) =>
      changed(variants, async (tx) => {
        const goods = await lockSelfOperated(tx, variants)
        const missing = variants.find((variant) => !goods.some((good) => good.variant === variant))
        if (missing !== undefined)
          throw refuse('NOT_FOUND', `${missing} is no variant that we sell ourselves`, {
            details: { place: 'variantIds' },
          })
        await wantListed(tx, goods, clock.now())
        return goods.map((good) => good.product)
      }),
    unlist: (variants) => changed(variants, (tx) => wantUnlisted(tx, variants, clock.now())),
    page: (after, limit) => pageListings(db, after, limit),
  }

  async function changed(
    variants: readonly string[],
    write: (tx: Database) => Promise<readonly string[]>,
  ): Promise<readonly ListingRow[]> {
    const rows = await db.transaction(async (tx) => {
      const products = await write(tx)
      await putErrands(tx, SCHEMA, { errands: products.map(itemErrand), ground })
      return await findListings(tx, variants)
    })
    wake()
    return rows.filter((row) => row !== null)
  }
}
