import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Ask } from './time-limit.js'

/** How many questions a subgraph gets at a time, and how many wait. */
export interface CrowdLimit {
  readonly most: number
  readonly mostWaiting: number
}

interface Crowd {
  asking: number
  readonly waiting: (() => void)[]
}

/** A subgraph is never asked more at a time than it bears. Who finds the line full is refused at once, which costs his fields and nobody's memory. */
export function crowdLimit(ask: Ask, { most, mostWaiting }: CrowdLimit, observer: Observer): Ask {
  const crowds = new Map<string, Crowd>()
  const crowdOf = (subgraph: string): Crowd => {
    const known = crowds.get(subgraph)
    if (known !== undefined) return known
    const fresh: Crowd = { asking: 0, waiting: [] }
    crowds.set(subgraph, fresh)
    return fresh
  }
  return async (request) => {
    const crowd = crowdOf(request.subgraph)
    if (crowd.asking >= most) {
      if (crowd.waiting.length >= mostWaiting) {
        observer.count('fetch.refused', { subgraph: request.subgraph, reason: 'crowd' })
        throw new Failure('BUSY', `subgraph ${request.subgraph} is asked too much at a time`)
      }
      await new Promise<void>((resolve) => crowd.waiting.push(resolve)) // whoever leaves hands its place over
    } else crowd.asking++
    try {
      return await ask(request)
    } finally {
      const next = crowd.waiting.shift()
      if (next === undefined) crowd.asking--
      else next()
    }
  }
}
