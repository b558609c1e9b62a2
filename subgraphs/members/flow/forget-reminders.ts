import { repeat } from '../../../platform/time/clock.js'
import type { Ground } from '../../host/subgraph.js'
import { forgetReminders } from '../store/reminder-rows.js'

const HOUR_MS = 3_600_000
/** How long after its moment a reminder is still shown. */
const KEPT_MS = 90 * 24 * HOUR_MS
/** Rows of one statement. */
const MOST = 1000

type Forgetting = Pick<Ground, 'db' | 'clock' | 'observer'>

/** Forgets what is long past, ninety days after its moment, and counts it. */
export async function forgetPast({ db, clock, observer }: Forgetting): Promise<void> {
  const before = new Date(clock.now().getTime() - KEPT_MS)
  for (;;) {
    const count = await forgetReminders(db, { before, most: MOST })
    observer.count('members.reminders.forgotten', {}, count)
    if (count < MOST) return
  }
}

/** Does so once an hour; stopping waits for the turn under way. */
export function startForgetting(ground: Forgetting): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const cancel = repeat(ground.clock, HOUR_MS, () => {
    running = forgetPast(ground).catch((error: unknown) =>
      ground.observer.log('warn', 'old reminders stay for now', { fault: String(error) }),
    )
    return running
  })
  return async () => {
    cancel()
    await running
  }
}
