import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import type { SearchQuery } from '../domain/search-words.js'
import { catalogTables } from './catalog-tables.js'
import { passing, type ProductFilter } from './product-filter.js'

/** In which order a list stands. Prices are ordered within a currency. */
export type ProductSort = 'RELEVANCE' | 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC'

/** What is looked for, and in which order it is wanted. */
export interface ProductSearch {
  readonly typed: SearchQuery | null
  readonly filter: ProductFilter
  readonly sort: ProductSort
}

/** A product's place in a list: what the list is ordered by, and the id that tells equals apart. */
export interface Placed {
  readonly id: string
  readonly rank: number
  readonly createdAt: Date
  readonly currency: string
  readonly priceMinor: number
}

/** Where a list goes on; only what it is ordered by is read. */
export type Place = Placed

/** The next products of a list, at most `limit`. A place holds values and no number of rows: what comes or goes before it moves nothing. */
export async function searchProducts(
  db: Database,
  search: ProductSearch,
  { limit, after }: { readonly limit: number; readonly after: Place | null },
): Promise<readonly Placed[]> {
  const { rows } = await sql<Placed>`
    select id, rank, created_at as "createdAt", currency, price_minor as "priceMinor"
    from (
      select id, ${rankOf(search)} as rank, created_at, currency, price_minor
      from catalog.product_index
      where ${sql.join([...passing(search.filter), ...matching(search.typed)], sql` and `)}
    ) found
    where ${after === null ? sql`true` : behind(search.sort, after)}
    order by ${ORDER[search.sort]}
    limit ${limit}`.execute(catalogTables(db))
  return rows
}

/** The words of a search as a condition; a text without any word finds nothing. */
export function matching(typed: SearchQuery | null): readonly RawBuilder<boolean>[] {
  return typed === null ? [] : [sql<boolean>`words @@ ${tsquery(typed)}`]
}

const ORDER: Readonly<Record<ProductSort, RawBuilder<unknown>>> = {
  RELEVANCE: sql`rank desc, id desc`,
  NEWEST: sql`created_at desc, id desc`,
  PRICE_ASC: sql`currency, price_minor, id`,
  PRICE_DESC: sql`currency desc, price_minor desc, id desc`,
}

function behind(sort: ProductSort, { id, rank, createdAt, currency, priceMinor }: Place): RawBuilder<boolean> {
  switch (sort) {
    case 'RELEVANCE':
      return sql`(rank, id) < (${rank}::int, ${id}::text)`
    case 'NEWEST':
      return sql`(created_at, id) < (${createdAt}::timestamptz, ${id}::text)`
    case 'PRICE_ASC':
      return sql`(currency, price_minor, id) > (${currency}::text, ${priceMinor}::bigint, ${id}::text)`
    case 'PRICE_DESC':
      return sql`(currency, price_minor, id) < (${currency}::text, ${priceMinor}::bigint, ${id}::text)`
  }
}

/**
 * By how often and where each word stands: of the product and the words alone, so that a place in the list stays what it is whatever else
 * comes or goes. (Of words joined by `&` PostgreSQL weighs how near they stand too, which a change in a description moves.)
 */
function rankOf({ typed, sort }: ProductSearch): RawBuilder<number> {
  return typed === null || sort !== 'RELEVANCE' ? sql`0` : sql`round(ts_rank(words, ${anyOf(typed)}) * 1000000)::int`
}

function tsquery({ words, last, beginning, pairs }: SearchQuery): RawBuilder<unknown> {
  return joined({ words, last, beginning, pairs }, sql` && `)
}

function anyOf({ anyWord, last, beginning, anyPair }: SearchQuery): RawBuilder<unknown> {
  return joined({ words: anyWord, last, beginning, pairs: anyPair }, sql` || `)
}

function joined(
  { words, last, beginning, pairs }: Pick<SearchQuery, 'words' | 'last' | 'beginning' | 'pairs'>,
  by: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const parts = [
    ...(words === '' ? [] : [sql`to_tsquery('english', ${words})`]),
    ...(last === '' ? [] : [sql`(to_tsquery('english', ${last}) || ${beginning}::tsquery)`]),
    ...(pairs === '' ? [] : [sql`${pairs}::tsquery`]),
  ]
  return parts.length === 0 ? sql`''::tsquery` : sql`(${sql.join(parts, by)})`
}
