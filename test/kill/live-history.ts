import type { Database } from '../../platform/db/database.js'
import { fields, type Fields } from '../../platform/decode.js'

/** What was published in a room: the rows of its log. */
export interface Published {
  readonly place: number
  readonly kind: string
  readonly body: Fields
}

/** The whole log of a room, in order. */
export async function publishedIn(db: Database, room: string): Promise<readonly Published[]> {
  const { rows } = await db.query<{ seq: number; kind: string; body: unknown }>(
    'select seq, kind, body from rooms.log where room = $1 order by seq',
    [room],
  )
  return rows.map(({ seq, kind, body }) => ({ place: seq, kind, body: fields(body, 'body') }))
}

/** How far everything was told: a gateway that holds values back puts more than that into a cursor. */
export function placeOf(cursor: unknown): number {
  return Number(/^~?(\d+)/.exec(String(cursor))?.[1])
}

/** The newest number of pieces that was told of each variant. */
export function newestStock(events: readonly Fields[]): ReadonlyMap<string, unknown> {
  const told = events.filter(({ __typename }) => __typename === 'StockMoved')
  return new Map(told.map(({ variant, available }) => [String(fields(variant, 'variant')['id']), available]))
}

/** The same, of what was published. */
export function publishedStock(published: readonly Published[]): ReadonlyMap<string, unknown> {
  const moved = published.filter(({ kind }) => kind === 'StockMoved')
  return new Map(moved.map(({ body }) => [String(body['variant']), body['available']]))
}

/** Says what a viewer missed, heard twice, out of order or wrongly. A gap that he was told of is no fault; values are known by their newest. */
export function faultsOf(heard: readonly Fields[], published: readonly Published[]): readonly string[] {
  const must = new Map(published.filter(({ kind }) => kind !== 'StockMoved').map((one) => [one.place, one]))
  const faults: string[] = []
  const missed = new Set(must.keys())
  let last = 0
  for (const event of heard.filter(({ cursor }) => typeof cursor === 'string')) {
    if (event['__typename'] === 'StockMoved') continue
    const place = placeOf(event['cursor'])
    if (event['__typename'] === 'Gap') for (let gone = last + 1; gone <= place; gone++) missed.delete(gone)
    else if (place <= last) faults.push(`${place} after ${last}`)
    else if (!isSame(event, must.get(place))) faults.push(`something else at ${place}`)
    missed.delete(place)
    last = Math.max(last, place)
  }
  for (const place of missed) faults.push(`nothing of ${place}`)
  const [stock, told] = [publishedStock(published), newestStock(heard)]
  for (const [variant, available] of stock)
    if (told.get(variant) !== available)
      faults.push(`${String(told.get(variant))} of ${variant}, not ${String(available)}`)
  return faults
}

function isSame(event: Fields, row: Published | undefined): boolean {
  if (row === undefined || event['__typename'] !== row.kind) return false
  return row.kind !== 'CommentPosted' || fields(event['comment'], 'comment')['text'] === row.body['text']
}
