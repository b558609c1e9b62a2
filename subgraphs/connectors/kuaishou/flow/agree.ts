import { repeat } from '../../../../platform/time/clock.js'
import { refuse } from '../../../../schema/refuse.js'
import type { Ask } from '../../../../schema/ask.js'
import { compareBooks } from '../../../host/books/agreement.js'
import { beijingDay, dayOf, ofTheDay, type Day } from '../../../host/books/book-day.js'
import { keepAgreement, readAgreedDay } from '../../../host/books/difference-rows.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { orderContent } from '../translate.js'
import { insist, ourBooks, theirBooks } from './books.js'
import { isRefused, type Work } from './work.js'

/** How often it is looked whether yesterday has been compared. */
const LOOK_MS = 3_600_000
/** Two days of a partner are compared one after the other; more than so many in line are refused by the caller. */
const MOST_WAITING = 100

/** The comparison of both sides' books, day by day. */
export interface Agreeing {
  /** Begins to compare a day, or joins the comparison under way; false when too many wait. The result is in rows. */
  begin(day: string): boolean
  /** Resolves when none is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Compares what is asked for, and yesterday by itself. A killed comparison has kept nothing; asking again begins it anew. */
export function agreeingOf(work: Work, ask: Ask): Agreeing {
  const { clock, observer, db } = work.ground
  const waiting = new Map<string, Promise<void>>()
  let last: Promise<void> = Promise.resolve()
  let stopped = false

  const begin = (day: string): boolean => {
    if (waiting.has(day)) return true
    if (stopped || waiting.size >= MOST_WAITING) return false
    const asked = recentDay(day, clock.now())
    last = last
      .then(() => (stopped ? undefined : agree(work, ask, asked)))
      .catch((error: unknown) => observer.log('error', 'a day was not compared', { partner: SCHEMA, day, error }))
      .finally(() => waiting.delete(day))
    waiting.set(day, last)
    return true
  }
  const cancel = repeat(clock, LOOK_MS, async () => {
    const yesterday = dayOf(new Date(clock.now().getTime() - 86_400_000))
    if ((await readAgreedDay(db, SCHEMA, { partner: SCHEMA, day: yesterday })) === null) begin(yesterday)
  })
  return {
    begin,
    settled: async () => {
      while (waiting.size > 0) await last
    },
    stop: async () => {
      stopped = true
      cancel()
      await last
    },
  }
}

/** The partner shows ninety days. */
const SHOWN_MS = 89 * 86_400_000

function recentDay(day: string, now: Date): Day {
  const asked = beijingDay(day)
  if (asked.from.getTime() >= now.getTime() - SHOWN_MS) return asked
  throw refuse('BAD_USER_INPUT', 'the partner shows the last ninety days only', { details: { place: 'day' } })
}

/** their books -> ours -> the same day of both -> differences, in rows. */
async function agree(work: Work, ask: Ask, day: Day): Promise<void> {
  const theirs = await theirBooks(work, day)
  const books = { ours: await ourBooks(ask, day), theirs }
  const ours = await ofTheDay(day, books, (orders) => madeElsewhere(work, orders))
  const agreement = compareBooks(ours, theirs)
  await keepAgreement(work.ground.db, SCHEMA, { partner: SCHEMA, day: day.day, at: work.ground.clock.now(), agreement })
  work.ground.observer.count('kuaishou.differences', {}, agreement.differences.length)
}

/** An order that the partner's list lacks is asked for by its number. */
async function madeElsewhere(work: Work, orders: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const order of orders) if (await existsThere(work, order)) found.add(order)
  return found
}

/** Made there at another day, then: the list of this one would have it. */
async function existsThere(work: Work, order: string): Promise<boolean> {
  try {
    return orderContent(await insist(work, () => work.calls.order(order))).oid === order
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}
