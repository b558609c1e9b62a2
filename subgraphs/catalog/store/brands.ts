import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { brandId } from '../domain/catalog-ids.js'
import { catalogTables } from './catalog-tables.js'

/** A brand as it is kept and shown. */
export interface Brand {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly logo: string | null
  readonly site: string | null
}

/** What a brand's page says beside its name. */
export type BrandPage = Omit<Brand, 'id' | 'name'>

/** Where a list of brands goes on. */
export interface BrandPlace {
  readonly name: string
  readonly id: string
}

const COLUMNS = ['id', 'name', 'description', 'logo', 'site'] as const

/** Keeps a brand for each name that has none yet; the first way to write it is the one that is shown. */
export async function saveBrands(tx: Database, names: readonly string[], now: Date): Promise<void> {
  const byId = new Map(names.map((name) => [brandId(name), name]))
  if (byId.size === 0) return
  await tx.query(
    `insert into catalog.brand (id, name, created_at)
     select id, name, $3 from unnest($1::text[], $2::text[]) as fed (id, name) order by id on conflict (id) do nothing`,
    [[...byId.keys()], [...byId.values()], now],
  )
}

/** One brand or null for each id, in the order of the ids. */
export async function findBrands(db: Database, ids: readonly string[]): Promise<readonly (Brand | null)[]> {
  const rows = await catalogTables(db)
    .selectFrom('brand')
    .select(COLUMNS)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** Brands by their names, those that begin with `beginning` alone when it is given; at most `limit`. */
export async function pageBrands(
  db: Database,
  beginning: string | null,
  { limit, after }: { readonly limit: number; readonly after: BrandPlace | null },
): Promise<readonly Brand[]> {
  return catalogTables(db)
    .selectFrom('brand')
    .select(COLUMNS)
    .$if(beginning !== null, (query) => query.where(sql<boolean>`starts_with(lower(name), lower(${beginning}))`))
    .$if(after !== null, (query) => query.where(sql<boolean>`(name, id) > (${after?.name}, ${after?.id})`))
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Writes what a brand's page says; false when there is no such brand. */
export async function describeBrand(
  db: Database,
  id: string,
  { description, logo, site }: BrandPage,
): Promise<boolean> {
  const { count } = await db.query('update catalog.brand set description = $2, logo = $3, site = $4 where id = $1', [
    ...[id, description, logo, site],
  ])
  return count > 0
}
