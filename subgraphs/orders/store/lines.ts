import type { Database } from '../../../platform/db/database.js'

/** A line of an order, with where its buyer came from. */
export interface LineRow {
  readonly id: string
  readonly purchase: string
  readonly place: number
  readonly variant: string
  readonly product: string
  readonly quantity: number
  readonly unit_minor: number
  readonly total_minor: number
  /** JSON, to be read by a decoder. */
  readonly steps: unknown
  readonly flash_sale: string | null
  readonly room: string | null
  readonly host: string | null
  readonly outlet: string | null
  readonly campaign_link: string | null
  readonly partner: string | null
  readonly click: string | null
}

const COLUMNS = `l.id, l.purchase, l.place, l.variant, l.product, l.quantity, l.unit_minor, l.total_minor, l.steps, l.flash_sale, l.room,
  l.host, l.outlet, l.campaign_link, l.partner, l.click`

/** Writes the lines of many orders in one statement. */
export async function insertLines(tx: Database, lines: readonly LineRow[]): Promise<void> {
  await tx.query(
    `insert into orders.line (id, purchase, place, variant, product, quantity, unit_minor, total_minor, steps, flash_sale, room,
       host, outlet, campaign_link, partner, click)
     select id, purchase, place, variant, product, quantity, unit_minor, total_minor, steps, flash_sale, room, host, outlet,
       campaign_link, partner, click
     from jsonb_to_recordset($1::jsonb) as x(id text, purchase text, place integer, variant text, product text, quantity bigint,
       unit_minor bigint, total_minor bigint, steps jsonb, flash_sale text, room text, host text, outlet text,
       campaign_link text, partner text, click text)`,
    [JSON.stringify(lines)],
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
