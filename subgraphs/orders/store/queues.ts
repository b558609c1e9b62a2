import type { Database } from '../../../platform/db/database.js'
import type { FlashSaleRow } from './flash-sales.js'

/** The line before a sale. */
export interface QueueRow {
  readonly flash_sale: string
  readonly per_second: number
  readonly base: number
  readonly since: Date
  /** The number given last. */
  readonly last: number
}

/** A buyer in the line before a sale. */
export interface Place {
  readonly flashSale: string
  readonly buyer: string
}

const COLUMNS = 'q.flash_sale, q.per_second, q.base, q.since, q.last'

/** Begins the line before a sale. */
export async function insertQueue(tx: Database, flashSale: string, perSecond: number, since: Date): Promise<void> {
  await tx.query('insert into orders.sale_queue (flash_sale, per_second, since) values ($1, $2, $3)', [
    flashSale,
    perSecond,
    since,
  ])
}

/** Locks the lines before sales, in one order everywhere; by sale. Whoever sells locks only the sales, so that the two never wait for each other. */
export async function lockQueues(tx: Database, sales: readonly string[]): Promise<ReadonlyMap<string, QueueRow>> {
  const { rows } = await tx.query<QueueRow>(
    `select ${COLUMNS} from orders.sale_queue q where q.flash_sale = any($1::text[]) order by q.flash_sale for update`,
    [sales],
  )
  return new Map(rows.map((row) => [row.flash_sale, row]))
}

/** The lines before sales, by sale; one without a line is left out. */
export async function findQueues(db: Database, sales: readonly string[]): Promise<ReadonlyMap<string, QueueRow>> {
  const { rows } = await db.query<QueueRow>(
    `select ${COLUMNS} from orders.sale_queue q where q.flash_sale = any($1::text[])`,
    [sales],
  )
  return new Map(rows.map((row) => [row.flash_sale, row]))
}

/** How the lines before these sales admit and how long they are, by sale; asks nothing when there is no sale with a line. */
export async function queuesBefore(db: Database, sales: readonly { readonly id: string }[]) {
  const rows =
    sales.length === 0
      ? []
      : await findQueues(
          db,
          sales.map((sale) => sale.id),
        ) // prettier
  return new Map(
    [...rows].map(([id, { per_second: perSecond, base, since, last }]) => [id, { perSecond, base, since, last }]),
  )
}

/** The numbers that buyers hold, in the order of the places; null for who holds none. */
export async function findNumbers(db: Database, places: readonly Place[]): Promise<readonly (number | null)[]> {
  if (places.length === 0) return []
  const { rows } = await db.query<{ readonly number: number | null }>(
    `select t.number from unnest($1::text[], $2::text[]) with ordinality as p(flash_sale, buyer, place)
     left join lateral (
       select t.number from orders.queue_ticket t where t.flash_sale = p.flash_sale and t.buyer = p.buyer limit 1) t on true
     order by p.place`,
    [places.map((one) => one.flashSale), places.map((one) => one.buyer)],
    { prepared: true },
  )
  return rows.map((row) => row.number)
}

/** Gives numbers to buyers that hold none, and moves the lines on; the lines must be locked. */
export async function giveNumbers(
  tx: Database,
  given: readonly (Place & { readonly number: number })[],
): Promise<void> {
  if (given.length === 0) return
  const columns = [given.map((one) => one.flashSale), given.map((one) => one.buyer), given.map((one) => one.number)]
  await Promise.all([
    tx.query(
      `insert into orders.queue_ticket (flash_sale, buyer, number)
       select * from unnest($1::text[], $2::text[], $3::bigint[])`,
      columns,
      { prepared: true },
    ),
    tx.query(
      `update orders.sale_queue q set last = g.last from (
         select flash_sale, max(number) as last from unnest($1::text[], $2::bigint[]) as n(flash_sale, number) group by 1) g
       where q.flash_sale = g.flash_sale`,
      [columns[0], columns[2]],
      { prepared: true },
    ),
  ])
}

/** How the line that stands before a sale admits; null where there is none. */
export function paceOf(row: Pick<FlashSaleRow, 'queue_per_second' | 'queue_base' | 'queue_since'>) {
  const { queue_per_second: perSecond, queue_base: base, queue_since: since } = row
  return perSecond === null || base === null || since === null ? null : { perSecond, base, since }
}
