import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import { pause, type Clock } from '../../platform/time/clock.js'
import type { Ask } from './time-limit.js'

/** How much may be asked again. */
export interface RetrySettings {
  /** The most repeats in a hundred questions; 0 switches repeating off. */
  readonly percent: number
  /** The longest wait before the repeat; chance chooses within it. */
  readonly waitMs: number
}

/** The most repeats that a quiet time may save up. */
const MOST_SAVED = 10

/**
 * A query that found nobody is asked once more, while the budget lasts: each question adds a part of a repeat, so that when everything
 * fails the subgraph gets a tenth more to do, and not twice as much. A mutation is never asked again: it may have been heard.
 */
export function retry(
  ask: Ask,
  { percent, waitMs }: RetrySettings,
  { clock, chance, observer }: { clock: Clock; chance: Chance; observer: Observer },
): Ask {
  if (percent === 0) return ask
  const saved = new Map<string, number>()
  return async (request) => {
    const budget = Math.min(MOST_SAVED, (saved.get(request.subgraph) ?? 1) + percent / 100)
    saved.set(request.subgraph, budget)
    try {
      return await ask(request)
    } catch (error) {
      const left = saved.get(request.subgraph) ?? 0
      if (request.kind !== 'query' || !foundNobody(error) || left < 1) throw error
      saved.set(request.subgraph, left - 1)
      observer.count('fetch.repeated', { subgraph: request.subgraph })
      await pause(clock, chance.fraction() * waitMs)
      return await ask(request)
    }
  }
}

function foundNobody(error: unknown): boolean {
  return error instanceof Failure && error.code === 'SUBGRAPH_UNAVAILABLE'
}
