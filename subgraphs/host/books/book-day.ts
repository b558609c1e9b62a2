import { Failure } from '../../../platform/failure.js'
import type { Booked } from './agreement.js'

/** A day as partners in China count it: Beijing's. */
export interface Day {
  readonly day: string
  readonly from: Date
  readonly to: Date
}

/** How long a day is. */
export const DAY_MS = 86_400_000
const BEIJING = '+08:00'

/** The day of a text like 2026-11-11. */
export function beijingDay(day: string): Day {
  const from = new Date(`${day}T00:00:00${BEIJING}`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(from.getTime()) || dayOf(from) !== day)
    throw new Failure('BAD_USER_INPUT', `a day is of the form 2026-11-11, got ${JSON.stringify(day.slice(0, 20))}`, {
      details: { place: 'day' },
    })
  return { day, from, to: new Date(from.getTime() + DAY_MS) }
}

/** The day on which a moment lies. */
export function dayOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** The days before and after one. */
export function besideDay({ from, to }: Day): readonly [string, string] {
  return [dayOf(new Date(from.getTime() - 1)), dayOf(to)]
}

/** A day and those beside it, in which its orders of ours lie: the partner makes an order a little earlier or later than we. */
export function aroundDay({ from, to }: Day): { readonly from: Date; readonly to: Date } {
  return { from: new Date(from.getTime() - DAY_MS), to: new Date(to.getTime() + DAY_MS) }
}

/** An order of ours and when it was placed here. */
export type OurBooked = Booked & { readonly createdAt: Date }

/**
 * Which of our orders belong to a day: those that the partner lists on it, and those placed here on it that it lists nowhere. `elsewhere`
 * gives which of some orders the partner has at another day.
 */
export async function ofTheDay(
  { from, to }: Day,
  { ours, theirs }: { readonly ours: readonly OurBooked[]; readonly theirs: readonly Booked[] },
  elsewhere: (orders: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<readonly Booked[]> {
  const listed = new Set(theirs.map(({ order }) => order))
  const isHere = ({ createdAt }: OurBooked): boolean => createdAt >= from && createdAt < to
  const unlisted = ours.filter((it) => !listed.has(it.order) && isHere(it)).map(({ order }) => order)
  const others = unlisted.length === 0 ? new Set<string>() : await elsewhere(unlisted)
  return ours.filter((it) => listed.has(it.order) || (isHere(it) && !others.has(it.order)))
}
