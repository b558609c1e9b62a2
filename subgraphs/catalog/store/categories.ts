import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { categoryId } from '../domain/catalog-ids.js'
import { catalogTables } from './catalog-tables.js'

/** A kind of things, somewhere in the tree. */
export interface Category {
  readonly id: string
  readonly name: string
  readonly parent: string | null
  readonly position: number
  /** The ids from the root down to itself. */
  readonly lineage: readonly string[]
}

const COLUMNS = ['id', 'name', 'parent', 'position', 'lineage'] as const

/** The most that is shown below one category. */
export const MOST_CHILDREN = 500

/** Keeps what is missing of the paths, the widest first. One that is known stays where it was put meanwhile. */
export async function saveCategories(tx: Database, paths: readonly (readonly string[])[], now: Date): Promise<void> {
  const levels = levelsOf(paths)
  const ids = levels.flatMap((level) => [...level.keys()])
  if (ids.length === 0) return
  const { rows } = await tx.query<{ id: string }>('select id from catalog.category where id = any($1)', [ids])
  const known = new Set(rows.map(({ id }) => id))
  for (const level of levels) {
    const missing = [...level].filter(([id]) => !known.has(id)).map(([id, one]) => ({ id, ...one }))
    if (missing.length > 0) await tx.query(SAVE, [JSON.stringify(missing), now])
  }
}

const SAVE = `
  insert into catalog.category (id, name, parent, lineage, created_at)
  select fed.id, fed.name, parent.id, coalesce(parent.lineage, '{}') || fed.id, $2
  from jsonb_to_recordset($1::jsonb) as fed (id text, name text, parent text)
  left join catalog.category parent on parent.id = fed.parent
  order by fed.id
  on conflict (id) do nothing`

/** All categories on the way down each path, by how deep they stand. */
function levelsOf(
  paths: readonly (readonly string[])[],
): readonly Map<string, { name: string; parent: string | null }>[] {
  const levels: Map<string, { name: string; parent: string | null }>[] = []
  for (const path of paths)
    for (const [depth, name] of path.entries()) {
      const level = (levels[depth] ??= new Map())
      const id = categoryId(path.slice(0, depth + 1))
      if (!level.has(id)) level.set(id, { name, parent: depth === 0 ? null : categoryId(path.slice(0, depth)) })
    }
  return levels
}

/** One category or null for each id, in the order of the ids. */
export async function findCategories(db: Database, ids: readonly string[]): Promise<readonly (Category | null)[]> {
  const rows = await catalogTables(db)
    .selectFrom('category')
    .select(COLUMNS)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** What stands right below each category, in its order; below null stand the roots. */
export async function findChildren(
  db: Database,
  parents: readonly (string | null)[],
): Promise<readonly (readonly Category[])[]> {
  const named = parents.filter((id) => id !== null)
  const rows = await catalogTables(db)
    .selectFrom('category')
    .select(COLUMNS)
    .where((columns) =>
      columns.or([
        sql<boolean>`parent = any(${named}::text[])`,
        ...(named.length < parents.length ? [columns('parent', 'is', null)] : []),
      ]),
    )
    .orderBy('position')
    .orderBy('name')
    .orderBy('id')
    .execute()
  const byParent = new Map<string | null, Category[]>(parents.map((id) => [id, []]))
  for (const row of rows) byParent.get(row.parent)?.push(row)
  return parents.map((id) => (byParent.get(id) ?? []).slice(0, MOST_CHILDREN))
}

/** A category with another name, parent or place; all that is below it moves along. `false` when it is gone. */
export async function moveCategory(
  tx: Database,
  before: Category,
  { name, parent, position }: { readonly name: string; readonly parent: Category | null; readonly position: number },
): Promise<void> {
  await tx.query('update catalog.category set name = $2, parent = $3, position = $4 where id = $1', [
    ...[before.id, name, parent?.id ?? null, position],
  ])
  await tx.query(`update catalog.category set lineage = $2::text[] || lineage[$3:] where lineage @> array[$1]`, [
    before.id,
    parent?.lineage ?? [],
    before.lineage.length,
  ])
}

/** A new category by hand; false when the path that it would be known by has one already. */
export async function addCategory(
  tx: Database,
  { id, name, position }: Pick<Category, 'id' | 'name' | 'position'>,
  { parent, now }: { readonly parent: Category | null; readonly now: Date },
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into catalog.category (id, name, parent, position, lineage, created_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
    [id, name, parent?.id ?? null, position, [...(parent?.lineage ?? []), id], now],
  )
  return count > 0
}

/** Holds the tree still until the transaction ends: two moves at once could make a circle. */
export async function holdTree(tx: Database): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('catalog.category'))`)
}
