import type { Database } from '../../../platform/db/database.js'
import { facetsOf, indexedWords, type Described } from '../domain/search-words.js'
import type { FedProduct } from '../domain/product-feed.js'

/** Grows when the same product is to be indexed in another way, so that the next start indexes everything anew. */
export const INDEX_RULES = 1

/** A product with all that search reads of it. */
export interface IndexedProduct extends Described, Pick<FedProduct, 'options'> {
  readonly id: string
}

/** Writes what search reads of the products, in two statements however many there are. The rest it reads from their rows. */
export async function indexProducts(tx: Database, products: readonly IndexedProduct[]): Promise<void> {
  const entries = products.map((product) => ({ id: product.id, ...indexedWords(product), facets: facetsOf(product) }))
  const values = [...new Map(entries.flatMap(({ facets }) => facets).map((one) => [JSON.stringify(one), one])).values()]
  if (values.length > 0) await tx.query(KEEP_VALUES, [JSON.stringify(values)])
  await tx.query(INDEX, [JSON.stringify(entries), INDEX_RULES])
}

/** Products that were never indexed by the rules of today. */
export async function findUnindexed(db: Database, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select product.id from catalog.product left join catalog.product_index entry using (id)
     where entry.rules is distinct from $1 order by product.id limit $2`,
    [INDEX_RULES, most],
  )
  return rows.map(({ id }) => id)
}

const KEEP_VALUES = `
  insert into catalog.attribute_value (name, value)
  select name, value from jsonb_to_recordset($1::jsonb) as fed (name text, value text)
  where not exists (select from catalog.attribute_value kept where kept.name = fed.name and kept.value = fed.value)
  order by name, value
  on conflict (name, value) do nothing`

const INDEX = `
  insert into catalog.product_index (id, rules, published, self_operated, seller, brand, category, grade, currency, price_minor,
    attributes, deliver_only, deliver_except, words, created_at)
  select product.id, $2, product.published, product.self_operated, product.seller, product.brand, product.category, product.grade,
    product.currency,
    coalesce((select min(price_minor) from catalog.variant where product_id = product.id and listed), 0),
    array(select kept.id from jsonb_to_recordset(entry.facets) as facet (name text, value text)
      join catalog.attribute_value kept using (name, value) order by kept.id),
    product.deliver_only, product.deliver_except,
    setweight(to_tsvector('english', entry.a), 'A') || setweight(to_tsvector('english', entry.b), 'B')
      || setweight(to_tsvector('english', entry.c), 'C') || setweight(to_tsvector('english', entry.d), 'D') || entry.pairs::tsvector,
    product.created_at
  from jsonb_to_recordset($1::jsonb) as entry (id text, a text, b text, c text, d text, pairs text, facets jsonb)
  join catalog.product using (id)
  order by product.id
  on conflict (id) do update set
    rules = excluded.rules, published = excluded.published, self_operated = excluded.self_operated, brand = excluded.brand,
    category = excluded.category, grade = excluded.grade, currency = excluded.currency, price_minor = excluded.price_minor,
    attributes = excluded.attributes, deliver_only = excluded.deliver_only, deliver_except = excluded.deliver_except,
    words = excluded.words`
