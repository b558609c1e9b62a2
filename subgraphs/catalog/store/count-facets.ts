import { sql, type RawBuilder } from 'kysely'
import { oneOf } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import { GRADES, type Grade } from '../domain/grade.js'
import { catalogTables } from './catalog-tables.js'
import { always, narrowings, type Narrowing } from './product-filter.js'
import { matching, type ProductSearch } from './search-products.js'

/** How many products a list holds, and how many it would hold with each further narrowing. */
export interface Facets {
  readonly total: number
  /** By category, what stands below it included. */
  readonly categories: readonly Count[]
  readonly brands: readonly Count[]
  readonly grades: readonly { readonly grade: Grade; readonly count: number }[]
  readonly selfOperated: number
  readonly thirdParty: number
  readonly prices: readonly PriceBand[]
  readonly attributes: readonly AttributeFacet[]
}

interface Count {
  readonly id: string
  readonly count: number
}

/** Prices from `fromMinor` on and below `toMinor`, which is null for the highest. */
export interface PriceBand {
  readonly currency: string
  readonly fromMinor: number
  readonly toMinor: number | null
  readonly count: number
}

/** The values of an attribute, the most frequent first. */
export interface AttributeFacet {
  readonly name: string
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

/** The most that is told of each facet. */
export const MOST = { categories: 100, brands: 50, attributes: 20, values: 20 } as const

/** Where price bands begin, in the currency's small unit: steps of about 2, 2 and 2.5 that anybody reads at a glance. */
const BANDS = [0, ...[1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((power) => [power, 2 * power, 5 * power])]

interface Row {
  readonly facet: string
  readonly key: string
  readonly name: string
  readonly count: number
}

/**
 * One statement, one walk over what was found: each product bears the narrowings that it fails as bits. One that fails none counts for
 * everything; one that fails a single one counts for that one's own facet alone, since a facet is counted as if it were not chosen yet.
 */
export async function countFacets(db: Database, search: ProductSearch): Promise<Facets> {
  const narrow = narrowings(search.filter)
  const { rows } = await sql<Row>`
    with hit as materialized (
      select * from (
        select category, brand, grade, self_operated, currency, price_minor, attributes, ${failedBits(narrow)} as failed
        from catalog.product_index
        where ${sql.join([sql`true`, ...always(search.filter), ...matching(search.typed)], sql` and `)}
      ) found
      where failed & (failed - 1) = 0
    ), counted as (
      ${attributeCounts(narrow)}
    ), ranked as (
      select kept.name, kept.value, n, row_number() over (partition by kept.name order by n desc, kept.value) as place,
        sum(n) over (partition by kept.name) as weight
      from counted join catalog.attribute_value kept using (id)
    ), names as (
      select name from ranked group by name order by max(weight) desc, name limit ${MOST.attributes}
    )
    select 'total' as facet, '' as key, '' as name, count(*)::int as count from hit where failed = 0
    union all (
      select 'category', above, '', sum(n)::int
      from (select category, count(*) as n from hit where ${counts(narrow, 'category')} and category is not null group by category) leaf
      join catalog.category on category.id = leaf.category cross join unnest(category.lineage) as above
      group by above order by 4 desc, 2 limit ${MOST.categories})
    union all (
      select 'brand', brand, '', count(*)::int from hit where ${counts(narrow, 'brand')} and brand is not null
      group by brand order by 4 desc, 2 limit ${MOST.brands})
    union all
      select 'grade', grade, '', count(*)::int from hit where ${counts(narrow, 'grade')} and grade is not null group by grade
    union all
      select 'self', self_operated::text, '', count(*)::int from hit where ${counts(narrow, 'self')} group by self_operated
    union all
      select 'price', width_bucket(price_minor, ${BANDS}::bigint[])::text, currency, count(*)::int
      from hit where ${counts(narrow, 'price')} group by currency, 2
    union all
      select 'attribute', value, name, n::int from ranked where place <= ${MOST.values} and name in (select name from names)
      order by 1, 3, 4 desc, 2`.execute(catalogTables(db))
  return facets(rows)
}

function failedBits(narrow: readonly Narrowing[]): RawBuilder<number> {
  const bits = narrow.map(({ passes }, at) => sql`case when ${passes} then 0 else ${1 << at}::int end`)
  return bits.length === 0 ? sql`0` : sql`(${sql.join(bits, sql` | `)})`
}

/** Products that count for a facet: those that fail nothing, or its own narrowing alone. */
function counts(narrow: readonly Narrowing[], facet: Narrowing['facet'], name = ''): RawBuilder<boolean> {
  const at = narrow.findIndex((one) => one.facet === facet && one.name === name)
  return at < 0 ? sql`failed = 0` : sql`failed in (0, ${1 << at}::int)`
}

/** An attribute that is chosen is counted without its own choice, each by itself; all others together. */
function attributeCounts(narrow: readonly Narrowing[]): RawBuilder<unknown> {
  const chosen = narrow.filter(({ facet }) => facet === 'attribute').map(({ name }) => name)
  const others = sql`
    select id, count(*) as n from hit cross join unnest(attributes) as id
    where failed = 0 and id <> all(array(select id from catalog.attribute_value where name = any(${chosen}::text[]))) group by id`
  const each = chosen.map(
    (name) => sql`
    select id, count(*) as n from hit cross join unnest(attributes) as id
    where ${counts(narrow, 'attribute', name)} and id = any(array(select id from catalog.attribute_value where name = ${name}))
    group by id`,
  )
  return sql.join([others, ...each], sql` union all `)
}

function facets(rows: readonly Row[]): Facets {
  const of = (facet: string): readonly Row[] => rows.filter((row) => row.facet === facet)
  const countOf = (facet: string, key: string): number => of(facet).find((row) => row.key === key)?.count ?? 0
  const names = new Set(of('attribute').map(({ name }) => name))
  const valuesOf = (name: string) =>
    of('attribute').flatMap((row) => (row.name === name ? [{ value: row.key, count: row.count }] : []))
  return {
    total: countOf('total', ''),
    categories: of('category').map(({ key, count }) => ({ id: key, count })),
    brands: of('brand').map(({ key, count }) => ({ id: key, count })),
    grades: of('grade')
      .map(({ key, count }) => ({ grade: oneOf(key, 'grade', GRADES), count }))
      .sort((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade)),
    selfOperated: countOf('self', 'true'),
    thirdParty: countOf('self', 'false'),
    prices: of('price').map(band).sort(byBand),
    attributes: [...names].map((name) => ({ name, values: valuesOf(name) })),
  }
}

function band({ key, name, count }: Row): PriceBand {
  const at = Number(key)
  return { currency: name, fromMinor: BANDS[at - 1] ?? 0, toMinor: BANDS[at] ?? null, count }
}

function byBand(a: PriceBand, b: PriceBand): number {
  return a.currency === b.currency ? a.fromMinor - b.fromMinor : a.currency < b.currency ? -1 : 1
}
