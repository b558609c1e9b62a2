import type { Database } from '../../../../platform/db/database.js'
import type { ProductChanged, VariantFed } from '../../../../schema/events/catalog.js'
import type { PriceChanged, StockChanged } from '../../../../schema/events/orders.js'
import { tables } from '../../../../platform/db/tables.js'
import { SCHEMA, type KuaishouTables } from './kuaishou-tables.js'

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** What the catalog says of a variant; the newest stays. */
export async function keepFed(db: Database, fed: VariantFed): Promise<void> {
  const told = {
    ...{ product: fed.product, title: fed.title, self_operated: fed.selfOperated, currency: fed.currency },
    fed_version: fed.version,
  }
  await open(db)
    .insertInto('good')
    .values({ ...told, variant: fed.variant, list_minor: null, price_version: 0, available: null, stock_version: 0 })
    .onConflict((clash) => clash.column('variant').doUpdateSet(told).where('good.fed_version', '<', fed.version))
    .execute()
}

export async function keepProduct(db: Database, changed: ProductChanged): Promise<void> {
  const told = { version: changed.version, title: changed.title, published: changed.published }
  await open(db)
    .insertInto('product')
    .values({ ...told, product: changed.product })
    .onConflict((clash) => clash.column('product').doUpdateSet(told).where('product.version', '<', changed.version))
    .execute()
}

/** The list price, told by the part that decides it; it may be heard of before the catalog tells of the variant. */
export async function keepPrice(db: Database, changed: PriceChanged): Promise<void> {
  const told = { list_minor: changed.listMinor, price_version: changed.version, currency: changed.currency }
  await open(db)
    .insertInto('good')
    .values({ ...UNFED, ...told, variant: changed.variant })
    .onConflict((clash) => clash.column('variant').doUpdateSet(told).where('good.price_version', '<', changed.version))
    .execute()
}

/** How many are left to sell. */
export async function keepStock(db: Database, changed: StockChanged): Promise<void> {
  const told = { available: changed.available, stock_version: changed.version }
  await open(db)
    .insertInto('good')
    .values({ ...UNFED, ...told, variant: changed.variant })
    .onConflict((clash) => clash.column('variant').doUpdateSet(told).where('good.stock_version', '<', changed.version))
    .execute()
}

const UNFED = {
  ...{ product: '', title: '', self_operated: false, currency: 'CNY', fed_version: 0 },
  ...{ list_minor: null, price_version: 0, available: null, stock_version: 0 },
}

/** The variants that we may list, and the products they belong to. */
export async function findSelfOperated(
  db: Database,
  variants: readonly string[],
): Promise<readonly { readonly variant: string; readonly product: string }[]> {
  return await open(db)
    .selectFrom('good')
    .select(['variant', 'product'])
    .where('variant', 'in', [...variants])
    .where('self_operated', '=', true)
    .where('fed_version', '>', 0)
    .execute()
}
