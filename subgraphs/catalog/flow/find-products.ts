import type { Database } from '../../../platform/db/database.js'
import { instant, misread, text, whole } from '../../../platform/decode.js'
import { currency } from '../../../schema/money.js'
import { idOf } from '../../../schema/ids.js'
import { searchQuery } from '../domain/search-words.js'
import { findProducts, type Product } from '../store/find-products.js'
import type { ProductFilter } from '../store/product-filter.js'
import {
  searchProducts,
  type Place,
  type Placed,
  type ProductSearch,
  type ProductSort,
} from '../store/search-products.js'

/** A list of products as somebody asks for it. */
export interface AskedSearch {
  readonly text: string | null
  readonly filter: ProductFilter
  /** Null: by relevance when there is a text, else the newest first. */
  readonly sort: ProductSort | null
}

/** The search behind a list; relevance needs words, and without any the newest come first. */
export function productSearch({ text: typed, filter, sort }: AskedSearch): ProductSearch {
  const words = typed === null ? null : searchQuery(typed)
  const wanted = sort ?? 'RELEVANCE'
  return { typed: words, filter, sort: words === null && wanted === 'RELEVANCE' ? 'NEWEST' : wanted }
}

/** A product and where it stands in the list that it was found by. */
export interface FoundProduct {
  readonly product: Product
  readonly placed: Placed
}

/** search -> places -> the products themselves. One that is gone meanwhile is left out. */
export async function findPage(
  db: Database,
  search: ProductSearch,
  page: { readonly limit: number; readonly after: Place | null },
): Promise<readonly FoundProduct[]> {
  const places = await searchProducts(db, search, page)
  const products = await findProducts(
    db,
    places.map(({ id }) => id),
  )
  return places.flatMap((placed, at) => {
    const product = products[at] ?? null
    return product === null ? [] : [{ product, placed }]
  })
}

/** What a cursor says: by what the list is ordered, then the values. */
export function keyOfPlace(sort: ProductSort, { id, rank, createdAt, ...price }: Placed): readonly (string | number)[] {
  switch (sort) {
    case 'RELEVANCE':
      return [sort, rank, id]
    case 'NEWEST':
      return [sort, createdAt.toISOString(), id]
    case 'PRICE_ASC':
    case 'PRICE_DESC':
      return [sort, price.currency, price.priceMinor, id]
  }
}

/** Reads a cursor; one of a list in another order is refused. */
export function placeOfKey(sort: ProductSort, key: readonly (string | number)[]): Place {
  if (key[0] !== sort) throw misread('after', `a cursor of a list that is ordered by ${sort}`, key[0])
  const place = { id: idOf('Product')(key.at(-1), 'after'), ...NOWHERE }
  switch (sort) {
    case 'RELEVANCE':
      return { ...place, rank: whole(key[1], 'after', { least: 0, most: 2_147_483_647 }) }
    case 'NEWEST':
      return { ...place, createdAt: instant(key[1], 'after') }
    case 'PRICE_ASC':
    case 'PRICE_DESC':
      return { ...place, currency: currency(key[1], 'after'), priceMinor: whole(key[2], 'after') }
  }
}

const NOWHERE = { rank: 0, createdAt: new Date(0), currency: '', priceMinor: 0 }

/** What somebody typed, trimmed; null when that is nothing. */
export function typedText(search: string | null | undefined): string | null {
  const kept = search?.trim() ?? ''
  return kept === '' ? null : text(kept, 'search', { most: 100 })
}
