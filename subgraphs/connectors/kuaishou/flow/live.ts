import type { Observer } from '../../../../platform/observe/observer.js'
import type { Clock } from '../../../../platform/time/clock.js'
import type { Calls } from '../calls.js'
import { isRefused } from './work.js'

/** Something that was seen at the partner's, and when. */
export interface Seen<T> {
  readonly value: T
  readonly at: Date
}

/** What can be seen of the seller's live room at the partner's. Null: the partner does not say, or not now. */
export interface Live {
  viewers(): Promise<Seen<number> | null>
  /** Whether an item of the partner's is in the cart of the room that runs. */
  inCart(kwaiItem: string): Promise<Seen<boolean> | null>
}

/** What looking stands on. */
export interface LiveParts {
  readonly calls: Pick<Calls, 'viewers' | 'isInCart'>
  readonly clock: Clock
  readonly observer: Observer
}

/** The partner counts calls: what was seen is shown for so long to all who ask. */
const SHOWN_MS = 10_000
const MOST_KEPT = 500

/** Looks, and remembers for a moment what it saw. */
export function liveOf({ calls, clock, observer }: LiveParts): Live {
  const viewers = remembered(() => calls.viewers())
  const carts = remembered((kwaiItem) => calls.isInCart(kwaiItem))
  return { viewers: () => viewers(''), inCart: (kwaiItem) => carts(kwaiItem) }

  function remembered<T>(look: (key: string) => Promise<T>): (key: string) => Promise<Seen<T> | null> {
    const seen = new Map<string, { readonly until: number; readonly answer: Promise<Seen<T> | null> }>()
    return (key) => {
      const now = clock.now()
      const known = seen.get(key)
      if (known !== undefined && known.until > now.getTime()) return known.answer
      const answer = look(key).then((value) => ({ value, at: now }), unseen)
      seen.delete(key)
      seen.set(key, { until: now.getTime() + SHOWN_MS, answer })
      const [oldest] = seen.keys()
      if (seen.size > MOST_KEPT && oldest !== undefined) seen.delete(oldest)
      return answer
    }
  }

  function unseen(error: unknown): null {
    if (!isRefused(error)) observer.log('debug', 'the live room could not be looked at', { error })
    observer.count('kuaishou.unseen')
    return null
  }
}
