import type { Kysely } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { tables } from '../../../platform/db/tables.js'
import { SCHEMA } from './migrations.js'

/** The columns of catalog's tables, as kysely reads them. */
export interface CatalogTables {
  readonly product: {
    readonly id: string
    readonly seller: string
    readonly handle: string
    readonly title: string
    readonly description_html: string
    readonly vendor: string | null
    readonly product_type: string | null
    readonly tags: readonly string[]
    readonly published: boolean
    readonly self_operated: boolean
    readonly currency: string
    readonly options: unknown
    readonly images: unknown
    readonly brand: string | null
    readonly category: string | null
    readonly category_path: readonly string[]
    readonly attributes: unknown
    readonly grade: string | null
    readonly deliver_only: readonly string[]
    readonly deliver_except: readonly string[]
    readonly fed_hash: string
    readonly version: number
    readonly created_at: Date
    readonly updated_at: Date
  }
  readonly variant: {
    readonly id: string
    readonly product_id: string
    readonly position: number
    readonly sku: string | null
    readonly title: string | null
    readonly option_values: readonly string[]
    readonly price_minor: number
    readonly compare_at_minor: number | null
    readonly quantity: number | null
    readonly inventory_policy: string
    readonly barcode: string | null
    readonly grams: number | null
    readonly image: string | null
    readonly requires_shipping: boolean
    readonly taxable: boolean
    readonly listed: boolean
    readonly fed_hash: string
    readonly version: number
  }
  readonly product_index: {
    readonly id: string
    readonly rules: number
    readonly published: boolean
    readonly self_operated: boolean
    readonly seller: string
    readonly brand: string | null
    readonly category: string | null
    readonly grade: string | null
    readonly currency: string
    readonly price_minor: number
    readonly attributes: readonly number[]
    readonly deliver_only: readonly string[]
    readonly deliver_except: readonly string[]
    readonly words: string
    readonly created_at: Date
  }
  readonly brand: {
    readonly id: string
    readonly name: string
    readonly description: string | null
    readonly logo: string | null
    readonly site: string | null
    readonly created_at: Date
  }
  readonly category: {
    readonly id: string
    readonly name: string
    readonly parent: string | null
    readonly position: number
    readonly lineage: readonly string[]
    readonly created_at: Date
  }
  readonly grading: {
    readonly product: string
    readonly number: number
    readonly grade: string
    readonly graded_by: string
    readonly graded_at: Date
    readonly report: string | null
    readonly notes: string | null
  }
}

/** Typed queries over catalog's tables. */
export function catalogTables(db: Database): Kysely<CatalogTables> {
  return tables<CatalogTables>(db, SCHEMA)
}
