import { fields, json, list, text } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'

/** How a request says which document it wants. */
export interface WantedDocument {
  readonly id: string | null
  /** The id is a hash under which the client may register the document: one that we do not know is not yet a refusal. */
  readonly automatic: boolean
  readonly query: string | null
}

/** Documents made known beforehand: clients name them instead of sending them. */
export interface TrustedDocuments {
  /** The names of their operations. */
  readonly names?: readonly string[]
  /** The document to run. Refuses an unknown id; where nothing else is served, also an unknown text. Null leaves it to whoever registers hashes. */
  resolve(wanted: WantedDocument): string | null
}

/** Knows none and serves all. */
export const NO_DOCUMENTS: TrustedDocuments = {
  resolve({ id, automatic, query }) {
    if (id !== null && !automatic) throw unknownDocument()
    return query
  },
}

/** `manifest` is the text of a file: an object of documents by id, or Apollo's persisted query manifest. */
export function trustedDocuments(manifest: string, only: boolean): TrustedDocuments {
  const documents = readManifest(json(manifest, 'manifest'))
  const texts = new Set(documents.values())
  return {
    names: [...texts].flatMap((text) => [...text.matchAll(NAMED)].flatMap(([, name]) => name ?? [])),
    resolve({ id, automatic, query }) {
      const document = id === null ? undefined : documents.get(id)
      if (document !== undefined) return document
      if (id !== null && (only || !automatic) && query === null) throw unknownDocument()
      if (only && (query === null || !texts.has(query)))
        throw new Failure('DOCUMENT_NOT_TRUSTED', 'only documents that were made known beforehand are served')
      return query
    },
  }
}

/** An operation's name, as it stands in a document. */
const NAMED = /\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/g

function readManifest(value: unknown): ReadonlyMap<string, string> {
  const it = fields(value, 'manifest')
  if (it['format'] !== 'apollo-persisted-query-manifest')
    return new Map(Object.entries(it).map(([id, body]) => [id, document(body, `manifest.${id}`)]))
  const operations = list(it['operations'], 'manifest.operations', fields, { most: 100_000 })
  return new Map(operations.map((one) => [text(one['id'], 'operation.id'), document(one['body'], 'operation.body')]))
}

function document(value: unknown, place: string): string {
  return text(value, place, { most: 1_000_000 })
}

function unknownDocument(): Failure {
  return new Failure('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
}
