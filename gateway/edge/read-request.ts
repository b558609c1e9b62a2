import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../platform/failure.js'
import { mediaType } from './cross-site.js'
import { checkJson, checkText, type Limits } from '../operation/limits.js'
import type { EdgeSettings } from './settings.js'
import type { TrustedDocuments } from './trusted-documents.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** What a request is read by. */
export interface Reading {
  readonly settings: Pick<EdgeSettings, 'limits' | 'batch' | 'cacheSeconds'>
  readonly documents: TrustedDocuments
  /** Refuses a large document that is over a limit. */
  readonly checkLarge: (text: string) => void
}

/** A POST's bytes -> JSON, with every document in it checked by its text. What it means is GraphQL's to say. */
export function readBody(headers: IncomingHttpHeaders, body: unknown, reading: Reading): unknown {
  const { limits, batch } = reading.settings
  checkType(headers)
  const text = decoded(body)
  checkJson(text, limits)
  const value = parsed(text)
  if (Array.isArray(value) && value.length > batch)
    throw new Failure(
      'BAD_REQUEST',
      batch === 0 ? 'batches are not served' : `a batch holds at most ${batch} operations`,
    )
  return Array.isArray(value) ? value.map((one: unknown) => readOne(one, reading)) : readOne(value, reading)
}

/** A GET's search -> the search to be answered, with the document in the place of its id. A body's type has no business there. */
export function readSearch(headers: IncomingHttpHeaders, search: URLSearchParams, reading: Reading): URLSearchParams {
  const type = mediaType(headers['content-type'])
  if (type !== null && type !== 'application/json')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'a GET has no body, so its content-type can only be application/json')
  const { limits } = reading.settings
  const [, extensions] = ['variables', 'extensions'].map((name) => readJson(search.get(name) ?? '', limits))
  const one = readOne(
    { query: search.get('query') ?? undefined, documentId: search.get('documentId') ?? undefined, extensions },
    reading,
  )
  const { query } = one as { readonly query?: string } // made two lines above
  if (query === undefined || query === search.get('query')) return search
  const resolved = new URLSearchParams(search)
  resolved.set('query', query)
  for (const name of ['documentId', 'extensions']) resolved.delete(name)
  return resolved
}

/** A parameter that is JSON; an empty one is none. */
function readJson(text: string, limits: Limits): unknown {
  checkJson(text, limits)
  return text === '' ? undefined : parsed(text)
}

function checkType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']
  if (mediaType(type) !== 'application/json')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json')
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type ?? '')?.[1]?.toLowerCase() ?? 'utf-8'
  if (charset !== 'utf-8' && charset !== 'utf8') throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must be UTF-8')
}

function decoded(body: unknown): string {
  if (!Buffer.isBuffer(body)) throw new Failure('BAD_REQUEST', 'the body is missing')
  try {
    return decoder.decode(body)
  } catch (cause) {
    throw new Failure('BAD_REQUEST', 'the body must be UTF-8', { cause })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new Failure('BAD_REQUEST', 'Invalid JSON', { cause })
  }
}

/** One operation's parameters: a document that is named is put in, one that is sent is checked by its text. What has another form is left for GraphQL's own refusals. */
function readOne(one: unknown, { settings, documents, checkLarge }: Reading): unknown {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return one
  const it: Readonly<Record<string, unknown>> = { ...one }
  const { id, automatic } = namedDocument(it)
  if (it['query'] !== undefined && typeof it['query'] !== 'string') return one
  const sent = it['query'] ?? null
  if (sent !== null) checkText(sent, settings.limits)
  const query = documents.resolve({ id, automatic, query: sent })
  if (query !== null && query !== sent) checkText(query, settings.limits)
  if (query !== null) checkLarge(query)
  if (query === null || query === sent) return one
  const rest = Object.entries(it).filter(([name]) => name === 'operationName' || name === 'variables')
  return { ...Object.fromEntries(rest), ...withoutHash(it['extensions']), query }
}

/** Extensions may say more than which document is wanted: an operation on a shared stream has its id there. */
function withoutHash(extensions: unknown): { readonly extensions?: unknown } {
  if (typeof extensions !== 'object' || extensions === null) return {}
  return { extensions: { ...extensions, persistedQuery: undefined } }
}

/** The id of a document: by its own field, or as Apollo's clients name a hash. */
export function namedDocument(it: Readonly<Record<string, unknown>>): { id: string | null; automatic: boolean } {
  if (typeof it['documentId'] === 'string') return { id: it['documentId'], automatic: false }
  const persisted = (it['extensions'] as { persistedQuery?: { sha256Hash?: unknown } } | undefined | null)
    ?.persistedQuery
  return typeof persisted?.sha256Hash === 'string'
    ? { id: persisted.sha256Hash, automatic: true }
    : { id: null, automatic: false }
}
