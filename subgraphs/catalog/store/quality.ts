import { sql } from 'kysely'
import { oneOf } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { Delivery } from '../../../schema/regions.js'
import { GRADES, type Grade } from '../domain/grade.js'
import { catalogTables } from './catalog-tables.js'

/** A judgement on a product's quality with its evidence. It is kept for ever; the last one holds. */
export interface Grading {
  readonly grade: Grade
  readonly gradedBy: string
  readonly gradedAt: Date
  readonly report: string | null
  readonly notes: string | null
}

/** The most judgements that are shown of a product. */
export const MOST_GRADINGS = 50

/** Adds a judgement, which holds from now on; false when there is no such product. */
export async function addGrading(tx: Database, product: string, grading: Grading): Promise<boolean> {
  const { grade, gradedBy, gradedAt, report, notes } = grading
  const { count } = await tx.query(`update catalog.product set grade = $2 where id = $1`, [product, grade])
  if (count === 0) return false
  await tx.query(
    `insert into catalog.grading (product, number, grade, graded_by, graded_at, report, notes)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6 from catalog.grading where product = $1`,
    [product, grade, gradedBy, gradedAt, report, notes],
  )
  await tx.query(`update catalog.product_index set grade = $2 where id = $1`, [product, grade])
  return true
}

/** The judgements on each product, the last first, in the order of the products. */
export async function findGradings(
  db: Database,
  products: readonly string[],
): Promise<readonly (readonly Grading[])[]> {
  const rows = await catalogTables(db)
    .selectFrom('grading')
    .select(['product', 'grade', 'graded_by as gradedBy', 'graded_at as gradedAt', 'report', 'notes'])
    .where('product', '=', sql<string>`any(${products}::text[])`)
    .orderBy('product')
    .orderBy('number', 'desc')
    .execute()
  const byProduct = new Map<string, Grading[]>(products.map((id) => [id, []]))
  for (const { product, grade, ...row } of rows) {
    const gradings = byProduct.get(product)
    if (gradings !== undefined && gradings.length < MOST_GRADINGS)
      gradings.push({ ...row, grade: oneOf(grade, 'grading.grade', GRADES) })
  }
  return products.map((id) => byProduct.get(id) ?? [])
}

/** Who sells a product, its row locked; null when there is no such product. */
export async function lockSeller(tx: Database, product: string): Promise<string | null> {
  const { rows } = await tx.query<{ readonly seller: string }>(
    'select seller from catalog.product where id = $1 for update',
    [product],
  )
  return rows[0]?.seller ?? null
}

/** Writes where a product is delivered to; gives how often it was said. Its row must be locked. */
export async function setDelivery(tx: Database, product: string, { only, except }: Delivery): Promise<number> {
  const values = [product, only, except]
  const { rows } = await tx.query<{ readonly version: number }>(
    `update catalog.product set deliver_only = $2, deliver_except = $3, deliver_version = deliver_version + 1 where id = $1
     returning deliver_version as version`,
    values,
  )
  await tx.query(`update catalog.product_index set deliver_only = $2, deliver_except = $3 where id = $1`, values)
  return rows[0]?.version ?? 0
}
