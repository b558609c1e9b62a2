import type { Database } from '../../../../platform/db/database.js'
import type { ProductChanged, VariantFed } from '../../../../schema/events/catalog.js'
import type { PriceChanged, StockChanged } from '../../../../schema/events/orders.js'
import { tables } from '../../../../platform/db/tables.js'
import { SCHEMA, type KuaishouTables } from './kuaishou-tables.js'

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** What the catalog says of variants; the newest stays. Set-based like its neighbours: an import tells of thousands. */
export async function keepFed(db: Database, feeds: readonly VariantFed[]): Promise<void> {
  const rows = newest(feeds, (fed) => fed.variant).map((fed) => ({
    ...UNFED,
    ...{ variant: fed.variant, product: fed.product, title: fed.title, self_operated: fed.selfOperated },
    ...{ currency: fed.currency, fed_version: fed.version },
  }))
  if (rows.length === 0) return
  await open(db)
    .insertInto('good')
    .values(rows)
    .onConflict((clash) =>
      clash
        .column('variant')
        .doUpdateSet((row) => ({
          product: row.ref('excluded.product'),
          title: row.ref('excluded.title'),
          self_operated: row.ref('excluded.self_operated'),
          currency: row.ref('excluded.currency'),
          fed_version: row.ref('excluded.fed_version'),
        }))
        .whereRef('good.fed_version', '<', 'excluded.fed_version'),
    )
    .execute()
}

/** Whether and under which title products are shown; the newest stays. */
export async function keepProducts(db: Database, changes: readonly ProductChanged[]): Promise<void> {
  const rows = newest(changes, (changed) => changed.product).map(({ product, version, title, published }) => ({
    ...{ product, version, title, published },
  }))
  if (rows.length === 0) return
  await open(db)
    .insertInto('product')
    .values(rows)
    .onConflict((clash) =>
      clash
        .column('product')
        .doUpdateSet((row) => ({
          version: row.ref('excluded.version'),
          title: row.ref('excluded.title'),
          published: row.ref('excluded.published'),
        }))
        .whereRef('product.version', '<', 'excluded.version'),
    )
    .execute()
}

/** List prices, told by the part that decides them; they may be heard of before the catalog tells of the variant. */
export async function keepPrices(db: Database, changes: readonly PriceChanged[]): Promise<void> {
  const rows = newest(changes, (changed) => changed.variant).map((changed) => ({
    ...UNFED,
    ...{ variant: changed.variant, list_minor: changed.listMinor, currency: changed.currency },
    price_version: changed.version,
  }))
  if (rows.length === 0) return
  await open(db)
    .insertInto('good')
    .values(rows)
    .onConflict((clash) =>
      clash
        .column('variant')
        .doUpdateSet((row) => ({
          list_minor: row.ref('excluded.list_minor'),
          currency: row.ref('excluded.currency'),
          price_version: row.ref('excluded.price_version'),
        }))
        .whereRef('good.price_version', '<', 'excluded.price_version'),
    )
    .execute()
}

/** How many are left to sell. */
export async function keepStocks(db: Database, changes: readonly StockChanged[]): Promise<void> {
  const rows = newest(changes, (changed) => changed.variant).map((changed) => ({
    ...UNFED,
    ...{ variant: changed.variant, available: changed.available, stock_version: changed.version },
  }))
  if (rows.length === 0) return
  await open(db)
    .insertInto('good')
    .values(rows)
    .onConflict((clash) =>
      clash
        .column('variant')
        .doUpdateSet((row) => ({
          available: row.ref('excluded.available'),
          stock_version: row.ref('excluded.stock_version'),
        }))
        .whereRef('good.stock_version', '<', 'excluded.stock_version'),
    )
    .execute()
}

/** One statement may touch a row once: of several versions of a thing, only the newest goes into it. In the order of the keys, so that two never wait for each other. */
function newest<T extends { readonly version: number }>(told: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const byKey = new Map<string, T>()
  for (const one of told) if ((byKey.get(keyOf(one))?.version ?? -1) < one.version) byKey.set(keyOf(one), one)
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

const UNFED = {
  ...{ product: '', title: '', self_operated: false, currency: 'CNY', fed_version: 0 },
  ...{ list_minor: null, price_version: 0, available: null, stock_version: 0 },
}

/**
 * The variants that we may list, and the products they belong to, locked: what is being heard of them right now either is seen by
 * the errand that lists them, or sees that they are listed. Without that a price heard in the same moment was never shown.
 */
export async function lockSelfOperated(
  tx: Database,
  variants: readonly string[],
): Promise<readonly { readonly variant: string; readonly product: string }[]> {
  return await open(tx)
    .selectFrom('good')
    .select(['variant', 'product'])
    .where('variant', 'in', [...variants])
    .where('self_operated', '=', true)
    .where('fed_version', '>', 0)
    .orderBy('variant')
    .forUpdate()
    .execute()
}
