/** Undoes what a clock was asked to do later; calling it twice does no harm. */
export type Cancel = () => void

/** Time, handed in. `now` is the calendar's, `monotonicMs` only ever grows; time-outs are counted by the second. */
export interface Clock {
  now(): Date
  monotonicMs(): number
  /** Runs once, `ms` from now. The process does not stay alive for it. */
  after(ms: number, run: () => void): Cancel
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Resolves `ms` from now; the promise holds nothing that keeps the process alive. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve))
}

/** Runs again and again, each time `ms` after the run before has ended, until it is cancelled. A run that fails is the caller's to catch. */
export function repeat(clock: Clock, ms: number, run: () => Promise<void> | void): Cancel {
  let stopped = false
  let cancel: Cancel = clock.after(ms, again)
  function again(): void {
    void Promise.resolve(run()).finally(() => {
      if (!stopped) cancel = clock.after(ms, again)
    })
  }
  return () => {
    stopped = true
    cancel()
  }
}
