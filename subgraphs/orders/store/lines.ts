import type { Database } from '../../../platform/db/database.js'

/** A new line of an order, with where its buyer came from. */
export interface NewLine {
  readonly id: string
  readonly purchase: string
  readonly place: number
  readonly variant: string
  readonly product: string
  /** The `Warehouse:…` that it leaves, and comes back to. */
  readonly warehouse: string
  readonly quantity: number
  readonly unit_minor: number
  /** What coupons took off the line. */
  readonly off_minor: number
  readonly total_minor: number
  /** JSON, to be read by a decoder. */
  readonly steps: unknown
  readonly flash_sale: string | null
  /** The bucket of a divided sale that it took its pieces from, and gives them back to. */
  readonly bucket?: number | null
  readonly room: string | null
  readonly host: string | null
  readonly outlet: string | null
  readonly campaign_link: string | null
  readonly partner: string | null
  readonly click: string | null
}

/** A line, and what of it was undone since. */
export interface LineRow extends NewLine {
  readonly bucket: number | null
  /** The `Parcel:…` that it is sent in, once it is paid. */
  readonly parcel: string | null
  /** Pieces that are no longer bought: cancelled or refunded. */
  readonly undone: number
  /** Those of them that came back into the stock, or to what is damaged. */
  readonly returned: number
  /** What was cancelled before it was paid, or given back after it. */
  readonly back_minor: number
}

const COLUMNS = `l.id, l.purchase, l.place, l.variant, l.product, l.warehouse, l.quantity, l.unit_minor, l.off_minor, l.total_minor, l.steps, l.flash_sale, l.bucket, l.room,
  l.host, l.outlet, l.campaign_link, l.partner, l.click, l.parcel, l.undone, l.returned, l.back_minor`

/** Writes the lines of many orders in one statement. */
export async function insertLines(tx: Database, lines: readonly NewLine[]): Promise<void> {
  await tx.query(
    `insert into orders.line (id, purchase, place, variant, product, warehouse, quantity, unit_minor, off_minor, total_minor, steps, flash_sale, bucket, room,
       host, outlet, campaign_link, partner, click)
     select id, purchase, place, variant, product, warehouse, quantity, unit_minor, off_minor, total_minor, steps, flash_sale, bucket, room, host, outlet,
       campaign_link, partner, click
     from jsonb_to_recordset($1::jsonb) as x(id text, purchase text, place integer, variant text, product text, warehouse text, quantity bigint,
       unit_minor bigint, off_minor bigint, total_minor bigint, steps jsonb, flash_sale text, bucket integer, room text, host text, outlet text,
       campaign_link text, partner text, click text)`,
    [JSON.stringify(lines)],
    { prepared: true },
  )
}

/** The lines of these orders, in their order, by order. */
export async function linesOf(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, readonly LineRow[]>> {
  const { rows } = await db.query<LineRow>(
    `select ${COLUMNS} from orders.line l where l.purchase = any($1::text[]) order by l.purchase, l.place`,
    [purchases],
  )
  const byPurchase = new Map<string, LineRow[]>()
  for (const row of rows) {
    const of = byPurchase.get(row.purchase)
    if (of === undefined) byPurchase.set(row.purchase, [row])
    else of.push(row)
  }
  return byPurchase
}

/** The lines under these ids, by id. */
export async function findLines(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, LineRow>> {
  const { rows } = await db.query<LineRow>(`select ${COLUMNS} from orders.line l where l.id = any($1::text[])`, [ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** What is to be added to what of a line was undone. */
export interface LineUndone {
  readonly line: string
  readonly undone: number
  readonly returned: number
  readonly backMinor: number
}

/** Writes what of lines was undone; the table's checks refuse more than there is. One entry per line. */
export async function undoLines(tx: Database, undone: readonly LineUndone[]): Promise<void> {
  if (undone.length === 0) return
  await tx.query(
    `update orders.line l set undone = l.undone + u.undone, returned = l.returned + u.returned, back_minor = l.back_minor + u.back
     from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as u(line, undone, returned, back) where l.id = u.line`,
    [
      undone.map(({ line }) => line),
      undone.map((one) => one.undone),
      undone.map((one) => one.returned),
      undone.map((one) => one.backMinor),
    ],
  )
}
