import type { Observer } from '../../platform/observe/observer.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import type { FetchNode } from '../plan/plan.js'

/** A document for several questions, and its name. */
export interface JointDocument {
  readonly query: string
  readonly operationName: string | null
}

const REMEMBERED = { most: 10_000, mostKeyChars: 10_000_000 } as const
/** The most documents that are made for those who travel with one fetch first; who meet more variously travel alone. */
const MOST_COMPANIES = 64
const ALONE: JointDocument = { query: '', operationName: null }

/** Documents made once for each company in which fetches meet. */
export class JointDocuments {
  readonly #documents: BoundedCache<JointDocument>
  readonly #companies = new WeakMap<FetchNode, number>()

  constructor(observer: Observer) {
    this.#documents = new BoundedCache('joint', REMEMBERED, observer)
  }

  /** Null when each has to travel alone. */
  of(fetches: readonly FetchNode[]): JointDocument | null {
    const [first] = fetches
    if (first === undefined) return null
    const key = fetches.map(({ query }) => query).join('\n')
    const document = this.#documents.get(key, () => this.#made(first, fetches))
    return document === ALONE ? null : document
  }

  #made(first: FetchNode, fetches: readonly FetchNode[]): JointDocument {
    const made = this.#companies.get(first) ?? 0
    if (made >= MOST_COMPANIES) return ALONE
    this.#companies.set(first, made + 1)
    return joined(fetches, first.operationName)
  }
}

/** What the objects of the question at that place in a company are called in its answer. */
export function aliasOf(at: number): string {
  return `entities${at}`
}

function joined(fetches: readonly FetchNode[], name: string | null): JointDocument {
  const lists = fetches.map((_, at) => `$representations${at}:[_Any!]!`)
  const others = new Set(fetches.flatMap(({ pieces }) => pieces?.declared ?? []))
  const operationName = name === null ? null : `${name}__${fetches.length}`
  const fields = fetches.map(
    ({ pieces }, at) => `${aliasOf(at)}:_entities(representations:$representations${at})${pieces?.selection ?? ''}`,
  )
  const head = `query${operationName === null ? '' : ` ${operationName}`}`
  return { query: `${head}(${[...lists, ...others].join(' ')}){${fields.join(' ')}}`, operationName }
}
