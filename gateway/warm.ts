import type { Observer } from '../platform/observe/observer.js'
import type { Clock } from '../platform/time/clock.js'
import type { Engine } from './engine.js'

/** How long plans are made before others may have the thread. */
const SLICE_MS = 5

/** Plans on a new engine what the old one was asked most, so that a new supergraph is no slower than the old from its first request on. */
export async function warm(
  from: Engine,
  to: Engine,
  { most, clock, observer }: { readonly most: number; readonly clock: Clock; readonly observer: Observer },
): Promise<void> {
  let begun = clock.monotonicMs()
  for (const occasion of from.mostUsed(most)) {
    observer.count('plan.warmed', { fits: String(await to.warm(occasion)) })
    if (clock.monotonicMs() - begun < SLICE_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    begun = clock.monotonicMs()
  }
}
