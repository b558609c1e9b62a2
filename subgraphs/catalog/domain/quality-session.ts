import { GRADES, type Grade, type PoolState } from './pool.js'

/** Whether a product of the pool may stand in a session: approved, and as good as the session asks for. */
export function isGoodEnough(
  { state, grade }: { readonly state: PoolState; readonly grade: Grade | null },
  least: Grade,
): boolean {
  return state === 'APPROVED' && grade !== null && GRADES.indexOf(grade) <= GRADES.indexOf(least)
}

/** Whether a session's page is open to everybody at a moment. */
export function isOpenAt(
  { startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date | null },
  at: Date,
): boolean {
  return startsAt <= at && (endsAt === null || endsAt > at)
}
