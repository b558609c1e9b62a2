import type { DocumentNode } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Span } from '../../platform/observe/span.js'
import type { Engine } from '../engine.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import { checkDocument, unreadable } from '../operation/check-document.js'
import type { KnownDocuments } from './known-documents.js'
import type { LargeDocuments } from './large-documents.js'
import type { EdgeSettings } from './settings.js'
import type { TrustedDocuments, WantedDocument } from './trusted-documents.js'

/** A document that may be run, or the errors that it is refused with as JSON text. */
export type ReadOperation = { readonly text: string; readonly document: DocumentNode } | { readonly refused: string }

/** Reads what a `subscribe` message wants run. */
export type OperationReader = (engine: Engine, wanted: WantedDocument, span: Span | null) => ReadOperation

/** What documents are read by, beside the settings. */
export interface ReaderParts {
  readonly trusted: TrustedDocuments
  /** Those that somebody has found good. */
  readonly known: KnownDocuments
  /** Knows which documents were measured at the door, or read aside. */
  readonly large: LargeDocuments
  readonly observer: Observer
}

/** What is remembered of documents, good or bad. A parsed one takes some hundred bytes for each of its characters. */
const REMEMBERED = { most: 1_000, mostKeyChars: 500_000 } as const

/** text -> what is known of it, or checked; each document once. */
export function operationReader(
  settings: EdgeSettings,
  { trusted, known, large, observer }: ReaderParts,
): OperationReader {
  const read = new WeakMap<Engine, BoundedCache<ReadOperation>>()
  return (engine, wanted, span) => {
    const text = resolved(wanted)
    if (typeof text !== 'string') return text
    const documents = read.get(engine) ?? new BoundedCache<ReadOperation>('operations', REMEMBERED, observer)
    read.set(engine, documents)
    return documents.get(text, () => checked(engine, text, span))
  }

  function resolved(wanted: WantedDocument): string | ReadOperation {
    try {
      return trusted.resolve(wanted) ?? ''
    } catch (error) {
      return { refused: JSON.stringify([unreadable(error)]) }
    }
  }

  function checked(engine: Engine, text: string, span: Span | null): ReadOperation {
    const good = known.of(engine, text)?.document
    if (good !== undefined) return { text, document: good }
    const refused = large.refused(engine, text)
    if (refused !== undefined) return { refused: JSON.stringify(refused) }
    const found = checkDocument(engine.schema, text, settings, { measured: large.isWithin(text), span })
    return 'refused' in found ? { refused: JSON.stringify(found.refused) } : { text, document: found.document }
  }
}
