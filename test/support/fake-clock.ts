import type { Cancel, Clock } from '../../platform/time/clock.js'

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`: runs what falls due, in order, each with the time it was set for, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Sets the calendar on or back, as an operator or a time server does: no time goes by, and nothing falls due. */
  jump(ms: number): void
}

interface Alarm {
  readonly at: number
  readonly run: () => void
}

/** A clock for tests, at the instant given. */
export function fakeClock(iso = '2026-11-11T12:00:00.000Z'): FakeClock {
  let start = Date.parse(iso)
  let elapsed = 0
  const alarms = new Set<Alarm>()

  function next(until: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of alarms) if (alarm.at <= until && (first === undefined || alarm.at < first.at)) first = alarm
    return first
  }

  return {
    now: () => new Date(start + elapsed),
    monotonicMs: () => elapsed,
    after(ms, run): Cancel {
      const alarm = { at: elapsed + Math.max(0, ms), run }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
    async advance(ms) {
      const until = elapsed + ms
      await settled()
      for (let alarm = next(until); alarm !== undefined; alarm = next(until)) {
        alarms.delete(alarm)
        elapsed = alarm.at
        alarm.run()
        await settled()
      }
      elapsed = until
    },
    jump(ms) {
      start += ms
    },
  }
}

/** A turn of the event loop: what was waiting for promises alone has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
