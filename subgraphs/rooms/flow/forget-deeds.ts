import { forgetOnce } from '../../../platform/db/once.js'
import { repeat, type Cancel } from '../../../platform/time/clock.js'
import type { Workplace } from './workplace.js'

/** How often it is looked for keys that nobody asks for again. */
const FORGET_EVERY_MS = 60_000
/** Longer than anybody asks again. */
const KEPT_MS = 3 * 86_400_000
/** Rows of one statement, and statements of one look. */
const MOST = 500
const MOST_TIMES = 20

/** Forgets again and again the idempotency keys that are older than three days, until it is cancelled. */
export function forgetDeeds(on: Workplace): Cancel {
  return repeat(on.clock, FORGET_EVERY_MS, async () => {
    try {
      on.observer.count('rooms.deeds.forgotten', {}, await forgetOld(on))
    } catch (fault) {
      on.observer.count('rooms.deeds.forgetting-failed')
      on.observer.log('warn', 'old idempotency keys stay for now', { error: fault })
    }
  })
}

/** One look; gives how many went. */
export async function forgetOld({ db, time }: Workplace): Promise<number> {
  const before = new Date((await time(db)).getTime() - KEPT_MS)
  let forgotten = 0
  for (let times = 0; times < MOST_TIMES; times++) {
    const count = await forgetOnce(db, 'rooms', { before, most: MOST })
    forgotten += count
    if (count < MOST) break
  }
  return forgotten
}
