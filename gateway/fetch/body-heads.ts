import type { Observer } from '../../platform/observe/observer.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import type { SubgraphRequest } from './ask-subgraph.js'

const REMEMBERED = { most: 4_000, mostKeyChars: 5_000_000 } as const

interface Head {
  readonly operationName: string | null
  readonly text: string
}

/** Bodies up to their variables, each written once: it is the same for every question with its document. */
export class BodyHeads {
  readonly #heads: BoundedCache<Head>

  constructor(observer: Observer) {
    this.#heads = new BoundedCache('bodies', REMEMBERED, observer)
  }

  of(request: SubgraphRequest): string {
    const known = this.#heads.get(request.query, () => headOf(request))
    return (known.operationName === request.operationName ? known : headOf(request)).text
  }
}

function headOf({ query, operationName }: SubgraphRequest): Head {
  const name = operationName === null ? '' : `"operationName":${JSON.stringify(operationName)},`
  return { operationName, text: `{"query":${JSON.stringify(query)},${name}"variables":` }
}
