import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { abandoned, type SubgraphRequest } from './ask-subgraph.js'
import { late, timeLeft, type Ask } from './time-limit.js'

/** How many questions a subgraph gets at a time, and how many wait. */
export interface CrowdLimit {
  readonly most: number
  readonly mostWaiting: number
}

interface Crowd {
  asking: number
  /** In the order in which they came; whoever leaves his place hands it to the first. */
  readonly waiting: Set<() => void>
}

/** A subgraph is never asked more at a time than it bears. Who finds the line full is refused at once, which costs his fields and nobody's memory. */
export function crowdLimit(
  ask: Ask,
  { most, mostWaiting }: CrowdLimit,
  { clock, observer }: { readonly clock: Clock; readonly observer: Observer },
): Ask {
  const crowds = new Map<string, Crowd>()
  const crowdOf = (subgraph: string): Crowd => {
    const known = crowds.get(subgraph)
    if (known !== undefined) return known
    const fresh: Crowd = { asking: 0, waiting: new Set() }
    crowds.set(subgraph, fresh)
    return fresh
  }
  return async (request) => {
    const crowd = crowdOf(request.subgraph)
    if (crowd.asking >= most) {
      if (crowd.waiting.size >= mostWaiting) {
        observer.count('fetch.refused', { subgraph: request.subgraph, reason: 'crowd' })
        throw new Failure('BUSY', `subgraph ${request.subgraph} is asked too much at a time`)
      }
      await turn(crowd.waiting, request, clock)
    } else crowd.asking++
    try {
      return await ask(request)
    } finally {
      const [next] = crowd.waiting
      if (next === undefined) crowd.asking--
      else next()
    }
  }
}

/** Waits in line, no longer than anybody waits for the answer. */
function turn(line: Set<() => void>, request: SubgraphRequest, clock: Clock): Promise<void> {
  const { signal, carried } = request.context
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      line.delete(enter)
      cancel?.()
      signal?.removeEventListener('abort', gone)
    }
    const enter = (): void => {
      leave()
      resolve()
    }
    const gone = (): void => {
      leave()
      reject(abandoned(request.subgraph))
    }
    const tooLate = (): void => {
      leave()
      reject(late(request, 0, Infinity))
    }
    line.add(enter)
    signal?.addEventListener('abort', gone)
    const cancel = carried == null ? null : clock.after(Math.min(timeLeft(request, clock), LONGEST_MS), tooLate)
  })
}

/** A timer holds no more than 2^31 ms. */
const LONGEST_MS = 2_000_000_000
