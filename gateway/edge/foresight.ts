import type { PartFormat } from '../project/part-forms.js'
import type { Engines } from './engines.js'
import type { KnownDocuments } from './known-documents.js'
import type { LargeDocuments } from './large-documents.js'
import type { WantedOperation } from './run-operation.js'

/**
 * What an operation has to wait for before it is run: a large document is read, then planned, beside the event loop. Null for all others.
 * Rejects with a `Failure` when there is no room or no time for it.
 */
export type Foresight = (asked: WantedOperation, format?: PartFormat | null) => Promise<void> | null

/** What sees ahead. */
export interface ForesightParts {
  readonly engines: Engines
  readonly known: KnownDocuments
  readonly large: LargeDocuments
}

/** text -> read aside -> planned aside. Documents that are known by an id were good when they were made known. */
export function foresight({ engines, known, large }: ForesightParts): Foresight {
  return (asked, format = null) => {
    const text = asked.wanted.query
    const engine = engines.now
    if (text === null || engine.aside === null) return null
    const plan = (): Promise<void> | null => {
      const parsed = known.of(engine, text)?.document
      const { operationName, variables, context } = asked
      return parsed ? engine.foresee({ text, parsed, operationName, variables, context }, format) : null
    }
    const reading = large.readAside(engine, text)
    return reading === null ? plan() : reading.then(plan).then(() => undefined)
  }
}
