import type { Observer } from '../observe/observer.js'
import { pause, type Clock } from '../time/clock.js'

/** What keeps trying: under which name it is counted, and until when. */
export interface Persistence {
  readonly clock: Clock
  readonly observer: Observer
  readonly name: string
  readonly signal: AbortSignal
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

/** Tries until it succeeds, each time after a longer pause; null when it was ended before. Failures are counted and logged. */
export async function persist<T>(
  deed: () => Promise<T>,
  { clock, observer, name, signal }: Persistence,
): Promise<T | null> {
  for (let pauseMs = FIRST_PAUSE_MS; !isOver(signal); pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await deed()
    } catch (error) {
      if (isOver(signal)) return null
      observer.count('bus.failed', { name })
      observer.log('warn', 'the bus tries again', { name, pauseMs, error: String(error) })
      await rest(clock, pauseMs, signal)
    }
  }
  return null
}

/** A pause that ends early when the signal comes. */
export async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  let wake: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (wake = resolve))
  signal.addEventListener('abort', wake)
  await Promise.race([pause(clock, ms), ended])
  signal.removeEventListener('abort', wake)
}

/** Asked anew each time: the compiler believes that a signal stays as it was seen first. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}
