import { maybe, misread, text, whole } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { Clock } from '../../../platform/time/clock.js'
import { needRole, type Identity } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { categoryId } from '../domain/catalog-ids.js'
import { webAddress } from '../domain/product-feed.js'
import { folded } from '../domain/search-words.js'
import { describeBrand } from '../store/brands.js'
import {
  addCategory,
  findCategories,
  findChildren,
  holdTree,
  moveCategory,
  type Category,
} from '../store/categories.js'

/** A category as somebody wants it; without an id a new one. */
export interface AskedCategory {
  readonly categoryId?: string | null
  readonly name: string
  readonly parentId?: string | null
  readonly position: number
}

/** What a brand's page shall say. */
export interface AskedBrandPage {
  readonly brandId: string
  readonly description?: string | null
  readonly logo?: string | null
  readonly site?: string | null
}

/** How deep the tree may be. */
const MOST_DEEP = 8

/** A new category, or one under another name, parent or place with all that is below it; gives its id. For operators. */
export async function saveCategory(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  who: Identity,
  asked: AskedCategory,
): Promise<string> {
  needRole(who, 'operator')
  const id = maybe(asked.categoryId, 'categoryId', idOf('Category'))
  const parentId = maybe(asked.parentId, 'parentId', idOf('Category'))
  const name = text(asked.name.trim(), 'name', { most: 255 })
  const position = whole(asked.position, 'position', { least: -1_000_000, most: 1_000_000 })
  return db.transaction(async (tx) => {
    await holdTree(tx)
    const parent = parentId === null ? null : await known(tx, parentId)
    await needOwnName(tx, { id, name, parent })
    if (id === null) return add(tx, { name, position }, { parent, now: clock.now() })
    const before = await known(tx, id)
    await needNoCircle(tx, before, parent)
    await moveCategory(tx, before, { name, parent, position })
    return id
  })
}

/** Writes what a brand's page says; gives its id. For operators. */
export async function saveBrandPage(
  db: Database,
  who: Identity,
  { brandId, ...page }: AskedBrandPage,
): Promise<string> {
  needRole(who, 'operator')
  const id = idOf('Brand')(brandId, 'brandId')
  const read = {
    description: maybe(page.description, 'description', (value, place) => text(value, place, { most: 5000 })),
    logo: maybe(page.logo, 'logo', webAddress),
    site: maybe(page.site, 'site', webAddress),
  }
  if (!(await describeBrand(db, id, read))) throw refuse('NOT_FOUND', `there is no ${id}`)
  return id
}

async function add(
  tx: Database,
  { name, position }: Pick<Category, 'name' | 'position'>,
  { parent, now }: { readonly parent: Category | null; readonly now: Date },
): Promise<string> {
  if ((parent?.lineage.length ?? 0) >= MOST_DEEP)
    throw misread('parentId', `at most ${MOST_DEEP - 1} levels deep`, parent?.id)
  const above = await findCategories(tx, parent?.lineage ?? [])
  const id = categoryId([...above.map((category) => category?.name ?? ''), name])
  if (!(await addCategory(tx, { id, name, position }, { parent, now })))
    throw refuse(
      'CONFLICT',
      `feeds know ${JSON.stringify(name)} there as ${id}, which has moved; move it back or take another name`,
    )
  return id
}

async function known(tx: Database, id: string): Promise<Category> {
  const [found] = await findCategories(tx, [id])
  if (!found) throw refuse('NOT_FOUND', `there is no ${id}`)
  return found
}

async function needOwnName(
  tx: Database,
  { id, name, parent }: { readonly id: string | null; readonly name: string; readonly parent: Category | null },
): Promise<void> {
  const [siblings = []] = await findChildren(tx, [parent?.id ?? null])
  if (siblings.some((one) => one.id !== id && folded(one.name) === folded(name)))
    throw refuse('CONFLICT', `there is a category ${JSON.stringify(name)} at this place already`)
}

async function needNoCircle(tx: Database, moved: Category, parent: Category | null): Promise<void> {
  if (parent === null) return
  if (parent.lineage.includes(moved.id)) throw misread('parentId', 'no category below the one that is moved', parent.id)
  const { rows } = await tx.query<{ deepest: number }>(
    `select max(cardinality(lineage))::int as deepest from catalog.category where lineage @> array[$1]`,
    [moved.id],
  )
  const below = (rows[0]?.deepest ?? 0) - moved.lineage.length + 1
  if (parent.lineage.length + below > MOST_DEEP)
    throw misread('parentId', `such that nothing is deeper than ${MOST_DEEP}`, parent.id)
}
