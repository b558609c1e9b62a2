import type { Observer } from '../../platform/observe/observer.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import type { SubgraphRequest } from './ask-subgraph.js'
import { Pace } from './pace.js'

const REMEMBERED = { most: 4_000, mostKeyChars: 5_000_000 } as const

/** What questions with one document have in common. */
export interface Head {
  readonly operationName: string | null
  /** The body up to its variables. */
  readonly text: string
  readonly pace: Pace
}

/** The heads of bodies, each written once for its document. */
export class BodyHeads {
  readonly #heads: BoundedCache<Head>

  constructor(observer: Observer) {
    this.#heads = new BoundedCache('bodies', REMEMBERED, observer)
  }

  of(request: SubgraphRequest): Head {
    const known = this.#heads.get(request.query, () => headOf(request, new Pace()))
    return known.operationName === request.operationName ? known : headOf(request, known.pace)
  }
}

function headOf({ query, operationName }: SubgraphRequest, pace: Pace): Head {
  const name = operationName === null ? '' : `"operationName":${JSON.stringify(operationName)},`
  return { operationName, pace, text: `{"query":${JSON.stringify(query)},${name}"variables":` }
}
