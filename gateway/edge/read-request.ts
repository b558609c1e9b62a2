import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../platform/failure.js'
import { mediaType } from './cross-site.js'
import { checkJson, checkText } from './limits.js'
import type { EdgeSettings, Limits } from './settings.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The part of the settings that a body is read by. */
export type BodySettings = Pick<EdgeSettings, 'limits' | 'batch'>

/** A POST's bytes -> JSON, with every document in it checked by its text. What it means is GraphQL's to say. */
export function readBody(headers: IncomingHttpHeaders, body: unknown, { limits, batch }: BodySettings): unknown {
  checkType(headers)
  const text = decoded(body)
  checkJson(text, limits)
  const value = parsed(text)
  if (Array.isArray(value) && value.length > batch)
    throw new Failure(
      'BAD_REQUEST',
      batch === 0 ? 'batches are not served' : `a batch holds at most ${batch} operations`,
    )
  for (const one of Array.isArray(value) ? value : [value]) checkQuery(one, limits)
  return value
}

/** A GET's query, checked by its text; a body's type has no business there. */
export function checkSearch(headers: IncomingHttpHeaders, search: URLSearchParams, limits: Limits): void {
  const type = mediaType(headers['content-type'])
  if (type !== null && type !== 'application/json')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'a GET has no body, so its content-type can only be application/json')
  checkText(search.get('query') ?? '', limits)
  checkJson(search.get('variables') ?? '', limits)
  checkJson(search.get('extensions') ?? '', limits)
}

function checkType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']
  if (mediaType(type) !== 'application/json')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json')
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type ?? '')?.[1]?.toLowerCase() ?? 'utf-8'
  if (charset !== 'utf-8' && charset !== 'utf8') throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must be UTF-8')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must not be compressed')
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
    throw new Failure('BAD_REQUEST', 'the body must be JSON', { cause })
  }
}

function checkQuery(one: unknown, limits: Limits): void {
  if (typeof one !== 'object' || one === null || !('query' in one)) return
  if (typeof one.query === 'string') checkText(one.query, limits)
}
