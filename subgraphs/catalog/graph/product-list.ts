import { maybe, list, text, whole } from '../../../platform/decode.js'
import type { Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { currency } from '../../../schema/money.js'
import { pageOf, pageRequest, type Page, type PageArgs } from '../../host/graph/page.js'
import { regionCode } from '../domain/delivery.js'
import { keyOfPlace, placeOfKey, productSearch, typedText, type AskedSearch } from '../flow/find-products.js'
import type { Product } from '../store/find-products.js'
import { EVERYTHING, type ProductFilter } from '../store/product-filter.js'
import type { ProductSearch } from '../store/search-products.js'
import type { CatalogContext } from './catalog-context.js'
import type { ProductFilterInput, ProductsArgs } from './search-types.js'

/** A page of products, and the search that its facets are counted for. */
export interface ProductList extends Page<Product> {
  readonly search: ProductSearch
}

/** search -> page -> edges, each with the values of its place. */
export async function productList(asked: AskedSearch, args: PageArgs, { flow }: CatalogContext): Promise<ProductList> {
  const request = pageRequest(args)
  const search = productSearch(asked)
  const after = request.after && placeOfKey(search.sort, request.after)
  const found = await flow.findPage(search, { limit: request.limit, after })
  const { edges, pageInfo } = pageOf(found, request, ({ placed }) => keyOfPlace(search.sort, placed))
  return { search, pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: node.product })) }
}

/** The search that the arguments of the list of products ask for. */
export function askedSearch({ search, selfOperated, filter, sort }: ProductsArgs, who: Identity): AskedSearch {
  const read = readFilter(filter ?? {}, shownFilter(who))
  return {
    text: typedText(search),
    filter: { ...read, selfOperated: read.selfOperated ?? selfOperated ?? null },
    sort: sort ?? null,
  }
}

/** All that may be shown to who asks: what is not published is there for who keeps it. */
export function shownFilter(who: Identity): ProductFilter {
  return { ...EVERYTHING, publishedOnly: !isStaff(who) }
}

/** Who keeps products. */
export function isStaff(who: Identity): boolean {
  return who.roles.some((role) => role === 'merchant' || role === 'operator')
}

function readFilter(filter: ProductFilterInput, all: ProductFilter): ProductFilter {
  const { price } = filter
  return {
    ...all,
    category: maybe(filter.categoryId, 'filter.categoryId', idOf('Category')),
    brands: list(filter.brandIds ?? [], 'filter.brandIds', idOf('Brand'), { most: 50 }),
    seller: maybe(filter.seller, 'filter.seller', (value, place) => text(value, place, { most: 100 })),
    selfOperated: filter.selfOperated ?? null,
    grades: list(filter.grades ?? [], 'filter.grades', (_, at) => at, { most: 5 }).flatMap(
      (_, nth) => filter.grades?.[nth] ?? [],
    ),
    price: price ? { currency: currency(price.currency, 'filter.price.currency'), ...bounds(price) } : null,
    attributes: readAttributes(filter.attributes ?? []),
    deliveredTo: maybe(filter.deliveredTo, 'filter.deliveredTo', regionCode),
  }
}

function bounds({ fromMinor, toMinor }: { readonly fromMinor?: number | null; readonly toMinor?: number | null }) {
  const minor = (value: unknown, place: string): number => whole(value, place, { least: 0 })
  return {
    fromMinor: maybe(fromMinor, 'filter.price.fromMinor', minor),
    toMinor: maybe(toMinor, 'filter.price.toMinor', minor),
  }
}

/** A name that is given twice is one choice. */
function readAttributes(asked: NonNullable<ProductFilterInput['attributes']>): ProductFilter['attributes'] {
  const byName = new Map<string, string[]>()
  for (const place of list(asked, 'filter.attributes', (_, at) => at, { most: 10 }).entries()) {
    const [nth, at] = place
    const name = text(asked[nth]?.name, `${at}.name`, { most: 255 })
    const values = list(asked[nth]?.values, `${at}.values`, (value, where) => text(value, where, { most: 255 }), {
      most: 50,
    })
    byName.set(name, [...(byName.get(name) ?? []), ...values])
  }
  return [...byName].map(([name, values]) => ({ name, values }))
}
