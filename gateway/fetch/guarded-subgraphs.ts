import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Subgraphs } from './ask-subgraph.js'
import { breaker, type BreakerSettings } from './breaker.js'
import { crowdLimit, type CrowdLimit } from './crowd-limit.js'
import { retry, type RetrySettings } from './retry.js'
import { timeLimit } from './time-limit.js'
import { traced } from './traced.js'

/** How a subgraph is treated, whichever way leads to it. */
export interface GuardSettings {
  readonly timeoutMs: number
  /** Other times for subgraphs by name. */
  readonly timeouts: Readonly<Record<string, number>>
  readonly crowd: CrowdLimit
  readonly breaker: BreakerSettings
  readonly retry: RetrySettings
}

/** question -> is its host left alone? -> a place in the crowd -> ask, once more if nobody was there -> an answer in time. */
export function guardedSubgraphs(
  subgraphs: Subgraphs,
  settings: GuardSettings,
  parts: { readonly clock: Clock; readonly chance: Chance; readonly observer: Observer },
): Subgraphs {
  const inTime = timeLimit(
    traced((request, span) => subgraphs.ask(request, span)),
    timeoutOf(settings),
    parts.clock,
  )
  const again = retry(inTime, settings.retry, parts)
  const crowded = crowdLimit(again, settings.crowd, parts)
  return {
    areWithin: subgraphs.areWithin ?? false,
    ask: breaker(crowded, settings.breaker, { ...parts, hostOf: (subgraph) => subgraphs.hostOf?.(subgraph) ?? null }),
    subscribe: (request) => subgraphs.subscribe(request),
  }
}

/** The time that a subgraph has for an answer. */
export function timeoutOf({
  timeoutMs,
  timeouts,
}: Pick<GuardSettings, 'timeoutMs' | 'timeouts'>): (subgraph: string) => number {
  const own = new Map(Object.entries(timeouts))
  return (subgraph) => own.get(subgraph) ?? timeoutMs
}
