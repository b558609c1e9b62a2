import { StatementError } from '../../../platform/db/statement-error.js'

/** Another transaction was first, or two waited for each other: unique_violation, deadlock_detected, serialization_failure. */
const MAY_BE_DONE_AGAIN: ReadonlySet<string> = new Set(['23505', '40P01', '40001'])

/** Thrown in a transaction that finds that another one was first, where no constraint says so. */
export class BeatenToIt extends Error {}

/** Does a whole transaction again, at most twice, when another one came in between: then it finds what that one wrote. */
export async function again<T>(work: () => Promise<T>, times = 2): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (times === 0 || !mayBeDoneAgain(error)) throw error
    return again(work, times - 1)
  }
}

function mayBeDoneAgain(error: unknown): boolean {
  if (error instanceof BeatenToIt) return true
  return error instanceof StatementError && MAY_BE_DONE_AGAIN.has(error.sqlState)
}
