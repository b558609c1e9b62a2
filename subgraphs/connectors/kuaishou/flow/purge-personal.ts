import { repeat } from '../../../../platform/time/clock.js'
import { later } from '../../errands.js'
import { purgeAddresses } from '../store/partner-orders.js'
import type { Work } from './work.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Rows in one statement: a day of a large shop is purged in a few, and none holds its rows for long. */
const MOST = 1_000

/** Purges once an hour; stopping waits for the turn under way. */
export function startPurging(work: Work): () => Promise<void> {
  const { clock, observer } = work.ground
  let running: Promise<void> = Promise.resolve()
  const cancel = repeat(clock, HOUR_MS, () => {
    running = purgePersonal(work).catch((error: unknown) =>
      observer.log('error', 'what is of people was not purged', { error }),
    )
    return running
  })
  return async () => {
    cancel()
    await running
  }
}

/**
 * The rule: where a parcel went is forgotten so many days after its order ended at the partner's and nothing was told of it since, what the
 * partner sealed and what we did. Our shop keeps the address of its order by its own rule.
 */
export async function purgePersonal({ ground, config }: Pick<Work, 'ground' | 'config'>): Promise<void> {
  const { db, clock, observer } = ground
  const before = later(clock.now(), -config.personalDays * DAY_MS)
  for (;;) {
    const purged = await purgeAddresses(db, { before, most: MOST })
    observer.count('kuaishou.purged', {}, purged)
    if (purged < MOST) return
  }
}
