import { sql, type RawBuilder } from 'kysely'
import { prefixesOf } from '../../../schema/regions.js'
import type { Grade } from '../domain/grade.js'

/** Prices from and to which a list goes, in one currency; both ends are in. */
export interface PriceRange {
  readonly currency: string
  readonly fromMinor: number | null
  readonly toMinor: number | null
}

/** What a list of products is narrowed by. A null or an empty list narrows nothing. */
export interface ProductFilter {
  readonly publishedOnly: boolean
  readonly seller: string | null
  readonly deliveredTo: string | null
  readonly category: string | null
  readonly brands: readonly string[]
  readonly grades: readonly Grade[]
  readonly selfOperated: boolean | null
  readonly price: PriceRange | null
  /** Any of the values of each name. */
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[]
}

/** A list that holds everything that is shown. */
export const EVERYTHING: ProductFilter = {
  ...{
    publishedOnly: true,
    seller: null,
    deliveredTo: null,
    category: null,
    brands: [],
    grades: [],
    selfOperated: null,
  },
  ...{ price: null, attributes: [] },
}

/** A narrowing that is also a facet: it does not count for its own figures. */
export interface Narrowing {
  readonly facet: 'category' | 'brand' | 'grade' | 'self' | 'price' | 'attribute'
  /** The attribute's name; empty for the others. */
  readonly name: string
  readonly passes: RawBuilder<boolean>
}

/** All conditions of a filter. */
export function passing(filter: ProductFilter): readonly RawBuilder<boolean>[] {
  return [sql<boolean>`true`, ...always(filter), ...narrowings(filter).map(({ passes }) => passes)]
}

/** What holds for every figure of a facet too. */
export function always({ publishedOnly, seller, deliveredTo }: ProductFilter): readonly RawBuilder<boolean>[] {
  return [
    ...(publishedOnly ? [sql<boolean>`published`] : []),
    ...(seller === null ? [] : [sql<boolean>`seller = ${seller}`]),
    ...(deliveredTo === null ? [] : [delivered(deliveredTo)]),
  ]
}

/** What a facet's own figures are counted without. */
export function narrowings(filter: ProductFilter): readonly Narrowing[] {
  const { category, brands, grades, selfOperated, price, attributes } = filter
  const all: readonly (Narrowing | null)[] = [
    category === null ? null : { facet: 'category', name: '', passes: below(category) },
    brands.length === 0 ? null : { facet: 'brand', name: '', passes: sql<boolean>`brand = any(${brands}::text[])` },
    grades.length === 0 ? null : { facet: 'grade', name: '', passes: sql<boolean>`grade = any(${grades}::text[])` },
    selfOperated === null ? null : { facet: 'self', name: '', passes: sql<boolean>`self_operated = ${selfOperated}` },
    price === null ? null : { facet: 'price', name: '', passes: within(price) },
    ...attributes.map((one) => ({
      facet: 'attribute' as const,
      name: one.name,
      passes: bearing(one.name, one.values),
    })),
  ]
  return all.filter((one) => one !== null)
}

/** Looked up first, so that an index over categories can be used. */
function below(category: string): RawBuilder<boolean> {
  return sql`category = any(array(select id from catalog.category where lineage @> array[${category}::text]))`
}

function within({ currency, fromMinor, toMinor }: PriceRange): RawBuilder<boolean> {
  return sql`(currency = ${currency} and price_minor between ${fromMinor ?? 0}::bigint and ${toMinor ?? Number.MAX_SAFE_INTEGER}::bigint)`
}

function bearing(name: string, values: readonly string[]): RawBuilder<boolean> {
  return sql`attributes && array(select id from catalog.attribute_value where name = ${name} and value = any(${values}::text[]))`
}

/** The rule of `schema/regions.ts` in SQL: what names the region most narrowly decides, and an exception before its like. */
function delivered(region: string): RawBuilder<boolean> {
  const cases = prefixesOf(region).flatMap((prefix) => [
    sql`when ${prefix}::text = any(deliver_except) then false`,
    sql`when ${prefix}::text = any(deliver_only) then true`,
  ])
  return sql`(case ${sql.join(cases, sql` `)} else deliver_only = '{}' end)`
}
