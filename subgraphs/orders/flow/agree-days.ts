import type { Database } from '../../../platform/db/database.js'
import { repeat } from '../../../platform/time/clock.js'
import { compareBooks, ENDS } from '../../host/books/agreement.js'
import { aroundDay, besideDay, beijingDay, ofTheDay, type Day, type OurBooked } from '../../host/books/book-day.js'
import { keepAgreement, type PartnerDay } from '../../host/books/difference-rows.js'
import { partnerDay, type PartnerDayRow } from '../store/partner-days.js'
import { dueDays, reportedLines, reportedOn, takeDue } from '../store/reported-days.js'
import type { Shop } from './shop.js'

/** How many days one look takes in hand. */
const MOST_DAYS = 100
/** How often it is looked for what a killed process left due; what is handed in is compared at once. */
const LOOK_MS = 10_000
/** How many orders one statement reads. */
const MOST_ORDERS = 5_000

/** The comparison of partners' books with ours, day by day, beside all else. */
export interface Agreeing {
  /** A day became due: it is compared now, and not at the next look. */
  wake(): void
  stop(): Promise<void>
}

/** Compares again and again what is due. A killed comparison has kept nothing, and its day is due still. */
export function startAgreeing(shop: Shop): Agreeing {
  let running: Promise<void> | null = null
  let isAsked = false
  let stopped = false
  const wake = (): void => {
    isAsked = true
    running ??= look()
  }
  const look = async (): Promise<void> => {
    while (isAsked && !stopped) {
      isAsked = false
      await agreeDue(shop)
    }
    running = null
  }
  const cancel = repeat(shop.clock, LOOK_MS, wake)
  return {
    wake,
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}

/** Compares every day that is due; one that fails is logged, stays due, and does not stand in the way of the others. */
export async function agreeDue(shop: Shop): Promise<void> {
  const { observer } = shop
  try {
    for (const due of await dueDays(shop.db, MOST_DAYS))
      await shop.db
        .transaction((tx) => agree(tx, shop, due))
        .catch((error: unknown) => observer.log('error', 'a day was not compared', { ...due, error }))
  } catch (error) {
    observer.log('warn', 'it was not seen which days are to be compared', { error })
  }
}

/** their lines -> our orders -> the same day of both -> differences, in rows. */
async function agree(tx: Database, shop: Shop, due: PartnerDay): Promise<void> {
  const reported = await takeDue(tx, due)
  if (reported === null) return
  const at = await shop.databaseClock(tx)
  const day = beijingDay(due.day)
  const theirs = await reportedLines(tx, due)
  const books = { theirs, ours: await ourBooks(tx, { ...reported, span: aroundDay(day) }) }
  const ours = await ofTheDay(day, books, (orders) => beside(tx, due.partner, { day, orders }))
  const agreement = compareBooks(ours, theirs)
  await keepAgreement(tx, 'orders', { ...due, at, agreement })
  shop.observer.count('orders.differences', {}, agreement.differences.length)
}

function beside(tx: Database, partner: string, { day, orders }: { day: Day; orders: readonly string[] }) {
  return reportedOn(tx, { partner, days: besideDay(day) }, orders)
}

async function ourBooks(
  tx: Database,
  of: {
    readonly partner: string
    readonly currency: string
    readonly span: { readonly from: Date; readonly to: Date }
  },
): Promise<readonly OurBooked[]> {
  const books: OurBooked[] = []
  for (let after: number | null = 0; after !== null;) {
    const rows: readonly PartnerDayRow[] = await partnerDay(tx, {
      ...{ partner: of.partner, ...of.span, after, most: MOST_ORDERS },
    })
    books.push(...rows.filter(({ currency }) => currency === of.currency).map(booked))
    after = rows.length < MOST_ORDERS ? null : (rows.at(-1)?.number ?? null)
  }
  return books
}

function booked(row: PartnerDayRow): OurBooked {
  return {
    ...{ order: row.partner_order, end: ENDS[row.state], createdAt: row.created_at },
    ...{ paidMinor: row.paid_minor, refundedMinor: row.refunded_minor },
    ...{ commissionMinor: row.commission_minor, subsidyMinor: row.subsidy_minor },
  }
}
