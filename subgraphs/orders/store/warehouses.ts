import type { Database } from '../../../platform/db/database.js'

/** A warehouse. */
export interface WarehouseRow {
  readonly id: string
  /** Whose goods alone lie there; null: anybody's. */
  readonly seller: string | null
  readonly name: string
  /** Where it stands. */
  readonly region: string | null
  /** The regions that it serves, by their beginnings; none: all. */
  readonly serves: readonly string[]
}

const COLUMNS = 'w.id, w.seller, w.name, w.region, w.serves'

/** Writes a warehouse, or what it is called and serves from now on. */
export async function keepWarehouse(db: Database, row: WarehouseRow): Promise<void> {
  await db.query(
    `insert into orders.warehouse as w (id, seller, name, region, serves) values ($1, $2, $3, $4, $5::text[])
     on conflict (id) do update set region = excluded.region, serves = excluded.serves`,
    [row.id, row.seller, row.name, row.region, row.serves],
  )
}

/** The warehouses under these ids, by id. */
export async function findWarehouses(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, WarehouseRow>> {
  const { rows } = await db.query<WarehouseRow>(
    `select ${COLUMNS} from orders.warehouse w where w.id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Warehouses by name: all of them, or (named sellers) theirs and everybody's. At most so many. */
export async function allWarehouses(
  db: Database,
  sellers: readonly string[] | null,
  most: number,
): Promise<readonly WarehouseRow[]> {
  const { rows } = await db.query<WarehouseRow>(
    `select ${COLUMNS} from orders.warehouse w
     where $1::text[] is null or w.seller is null or w.seller = any($1::text[]) order by w.name, w.id limit $2`,
    [sellers, most],
  )
  return rows
}
