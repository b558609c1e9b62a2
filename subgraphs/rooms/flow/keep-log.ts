import { repeat, type Cancel } from '../../../platform/time/clock.js'
import { dropOld } from '../store/log.js'
import type { Workplace } from './workplace.js'

/** How often logs are looked through for what may go. */
const DROP_EVERY_MS = 60_000

/** Drops what is over the measure of each room's log, until it is cancelled; does nothing where all is kept. */
export function keepLog(on: Workplace): Cancel {
  const keep = on.config.keepEvents
  if (keep === null) return () => undefined
  return repeat(on.clock, DROP_EVERY_MS, async () => {
    try {
      on.observer.count('rooms.log.dropped', {}, await dropOld(on.db, keep))
    } catch (fault) {
      on.observer.count('rooms.log.keeping-failed')
      on.observer.log('error', 'old events could not be dropped', { error: fault })
    }
  })
}
