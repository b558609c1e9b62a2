import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import { instant, maybe, misread } from '../../../platform/decode.js'
import { refuse } from '../../../schema/refuse.js'
import type { Booked } from '../../host/books/agreement.js'
import { besideDay, type Day } from '../../host/books/book-day.js'
import { addPage, beginReport, lockReports, setDue, type ReportedDayRow } from '../store/reported-days.js'
import type { Shop } from './shop.js'

/** A page of a day's books as a partner hands it in. */
export interface ReportPage {
  readonly partner: string
  readonly idempotencyKey: string
  readonly day: Day
  readonly currency: string
  /** From 1 on; the first begins the day anew. */
  readonly page: number
  readonly isLast: boolean
  readonly lines: readonly Booked[]
}

/** How far a day is handed in. */
export interface Reported {
  readonly day: string
  readonly pages: number
  readonly lines: number
  readonly reportedAt: Date | null
}

/** Keeps a page of a partner's books. With the last one the day is due to be compared, and those beside it, to which it may have moved an order. */
export async function reportDay(shop: Shop, asked: ReportPage): Promise<Reported> {
  const { partner, idempotencyKey, day, ...rest } = asked
  const deed = { owner: partner, key: `report-day ${idempotencyKey}`, body: { day: day.day, ...rest } }
  const { answer } = await shop.db.transaction((tx) => once(tx, 'orders', deed, () => kept(tx, shop, asked)))
  return { ...answer, reportedAt: maybe(answer.reportedAt, 'reportedAt', instant) }
}

type Kept = Omit<Reported, 'reportedAt'> & { readonly reportedAt: string | null }

async function kept(tx: Database, shop: Shop, asked: ReportPage): Promise<Kept> {
  const { partner, page, currency, isLast, lines } = asked
  const of = { partner, day: asked.day.day }
  const days = [of.day, ...besideDay(asked.day)]
  const known = await lockReports(tx, { partner, days })
  if (page === 1) await beginReport(tx, { ...of, currency })
  else mayFollow(known.find(({ day }) => day === of.day) ?? null, asked)
  const at = isLast ? await shop.databaseClock(tx) : null
  const row = await addPage(tx, { ...of, page, reportedAt: at }, lines)
  if (at !== null) await setDue(tx, { partner, days, at })
  return { day: row.day, pages: row.pages, lines: row.lines, reportedAt: row.reported_at?.toISOString() ?? null }
}

/** Pages come one after the other, and none after the last. */
function mayFollow(row: ReportedDayRow | null, { page, currency }: ReportPage): void {
  const details = { place: 'page' }
  if (row === null) throw refuse('STATE_FORBIDS', 'the first page of a day has the number 1', { details })
  if (row.reported_at !== null)
    throw refuse('STATE_FORBIDS', 'the day has been handed in whole; page 1 begins it anew', { details })
  if (row.pages !== page - 1) throw refuse('CONFLICT', `the next page of this day is ${row.pages + 1}`, { details })
  if (row.currency !== currency) throw misread('currency', `that of the first page, ${row.currency}`, currency)
}
