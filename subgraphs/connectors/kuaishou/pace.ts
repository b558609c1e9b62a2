import type { Failure } from '../../../platform/failure.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import { refuse } from '../../../schema/refuse.js'

/** `result` of a refusal that says: too much now. Numbers from code in use, the platform publishes no list. */
const TOO_MUCH: ReadonlySet<number> = new Set([15, 16, 17, 1016, 1017, 802_000])
/** The first pause after a limit of calls a second, and after one of a day; each further refusal doubles it. */
const FIRST_MS = { qps: 1_000, quota: 5_000 } as const
const LONGEST_MS = { qps: 30_000, quota: 600_000 } as const
/** One refusal may be another app's doing and over at once; what is refused again waits, and all of its like with it. */
const REFUSALS_BEFORE_ALL_WAIT = 2

/** Whoever calls too often is told so by the partner, and by nobody else: limits are per app, API and user, and a hidden one is above them all. */
export interface Pace {
  /** Throws PARTNER_UNAVAILABLE with `retryAfterMs` while a call of this method would be refused: it is not sent at all. */
  ready(method: string): void
  /** What the partner answered; gives the refusal when it says "too much". */
  heard(method: string, result: number, said: string): Failure | null
}

interface Refusals {
  readonly count: number
  readonly untilMs: number
}

/**
 * Believes what the partner answers, and counts no calls of its own: other processes call too, and other apps share the hidden limit.
 * The waits are this process's own, by the clock that only grows: a calendar that jumps stops nobody.
 */
export function paceOf({ clock, observer }: { readonly clock: Clock; readonly observer: Observer }): Pace {
  const refusals = new Map<string, Refusals>()

  return {
    ready(method) {
      const now = clock.monotonicMs()
      for (const scope of [method, EVERYTHING]) {
        const known = refusals.get(scope)
        if (known === undefined || known.count < REFUSALS_BEFORE_ALL_WAIT || known.untilMs <= now) continue
        observer.count('kuaishou.waited', { method })
        const retryAfterMs = Math.ceil(known.untilMs - now)
        throw refuse('PARTNER_UNAVAILABLE', `${method} waits: the partner said too much`, { details: { retryAfterMs } })
      }
    },
    heard(method, result, said) {
      if (!TOO_MUCH.has(result)) {
        refusals.delete(method)
        refusals.delete(EVERYTHING)
        return null
      }
      const scope = scopeOf(said, method)
      const kind = /quota/i.test(said) ? 'quota' : 'qps'
      const count = (refusals.get(scope)?.count ?? 0) + 1
      const retryAfterMs = Math.min(LONGEST_MS[kind], FIRST_MS[kind] * 2 ** (count - 1))
      refusals.set(scope, { count, untilMs: clock.monotonicMs() + retryAfterMs })
      observer.count('kuaishou.too-much', { method })
      return refuse('PARTNER_UNAVAILABLE', `${method}: ${said}`, { details: { result, retryAfterMs } })
    },
  }
}

/** The scope of a limit of the whole app, or of all calls for one user. */
const EVERYTHING = '*'

/** Kuaishou, K1008: the text names what was counted, `KEY [apiId:…;appkey:…]` for one API and `KEY [appkey:…;primaryUserId:…]` for all. */
function scopeOf(said: string, method: string): string {
  return /\[[^\]]*apiId:/.test(said) || !/\[[^\]]*appkey:/i.test(said) ? method : EVERYTHING
}
