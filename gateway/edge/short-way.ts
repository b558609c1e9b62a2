import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { OperationTypeNode } from 'graphql'
import { textOf } from '../../platform/http/text-of.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { GraphAnswer } from '../engine.js'
import type { ReadBearer } from './bearer.js'
import type { Carry } from './carried.js'
import { packed, packingFor } from './compress.js'
import type { Engines } from './engines.js'
import type { KnownDocuments } from './known-documents.js'
import type { Overload } from './overload.js'
import { checkJson } from '../operation/limits.js'
import { untilGone } from './until-gone.js'
import { requestId } from './request-id.js'
import type { EdgeSettings } from './settings.js'

/** What the short way is made of. */
export interface ShortWayParts {
  readonly engines: Engines
  readonly known: KnownDocuments
  readonly bearer: ReadBearer
  readonly carry: Carry
  readonly overload: Overload
  readonly settings: EdgeSettings
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** Takes a request, or hands it on whole to the long way. */
export type Way = (request: IncomingMessage, response: ServerResponse, longWay: LongWay) => void
export type LongWay = (request: IncomingMessage, response: ServerResponse) => void

/** Requests with one of these ask for manners that only the long way has. */
const LONG_HEADERS = ['cookie', 'content-encoding', 'transfer-encoding', 'expect', 'idempotency-key'] as const

/** What a client may say that it reads, and the type of the answer that it then gets. */
const JSON_TYPE = 'application/json; charset=utf-8'
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8'
const TYPES: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  ['application/json, */*', JSON_TYPE],
  ['application/graphql-response+json', GRAPHQL_TYPE],
])
const BODY_TYPES: ReadonlySet<string | undefined> = new Set(['application/json', JSON_TYPE])
const MOST_HEADERS = 100

/** A request that will be answered here. */
interface Taken {
  readonly id: string
  readonly run: () => Promise<GraphAnswer>
}

/**
 * A POST that brings an operation which the long way has read, validated and found within the limits before, and that wants nothing
 * but its answer, is answered here: no router, no hooks, no second reading (bench/gateway, `one`). Everything else, and everything
 * that this way would have to refuse, goes the long way as it came, so that there is one place that knows how to refuse.
 */
export function shortWay(parts: ShortWayParts): Way {
  return (request, response, longWay) => {
    if (!isPlain(request, parts.settings)) {
      longWay(request, response)
      return
    }
    request.once('readable', () => {
      const body = request.read() as Buffer | null // a request without an encoding gives bytes
      const taken = body === null ? null : take(request, response, body, parts)
      if (taken !== null) {
        void answer(taken, request, response, parts)
        return
      }
      if (body !== null) request.unshift(body)
      longWay(request, response)
    })
  }
}

/** Says the head alone that the short way may do? */
function isPlain({ method, url, headers, rawHeaders }: IncomingMessage, settings: EdgeSettings): boolean {
  if (method !== 'POST' || url !== '/graphql' || rawHeaders.length > 2 * MOST_HEADERS) return false
  if (!BODY_TYPES.has(headers['content-type']) || !TYPES.has(headers.accept)) return false
  if (LONG_HEADERS.some((name) => headers[name] !== undefined)) return false
  if (headers.origin !== undefined && settings.origins.length > 0) return false
  const length = Number(headers['content-length'])
  return length > 0 && length <= settings.limits.bodyBytes
}

/** The way to the answer, when the body is here whole, and all that it takes is known. */
function take(
  { headers }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  parts: ShortWayParts,
): Taken | null {
  if (body.length !== Number(headers['content-length'])) return null
  const engine = parts.engines.now
  const asked = readPlain(body, parts.settings)
  const known = asked && parts.known.of(engine, asked.query)
  const operation = known?.operation(asked?.operationName ?? null)
  if (!asked || !known || !operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return null
  if (parts.overload.refusal(operation) !== null) return null
  const asker = parts.bearer.known(headers.authorization)
  if (asker === null) return null
  const id = requestId(headers['x-request-id']) ?? parts.chance.uuid()
  const { operationName, variables } = asked
  const { who, authorization } = asker
  const carried = parts.carry(headers)
  const context = { who, authorization, requestId: id, signal: untilGone(response, carried), carried }
  const run = engine.begin({ text: known.text, parsed: known.document, operationName, variables, context })
  return run && { id, run }
}

interface PlainRequest {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
}

/** A body that is one operation and nothing besides; null for any other, which the long way reads again and judges. */
function readPlain(body: Buffer, { limits }: EdgeSettings): PlainRequest | null {
  const text = textOf(body)
  if (text === null) return null
  let value: unknown
  try {
    if (text.length > limits.nesting) checkJson(text, limits)
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  let query: string | null = null
  let operationName: string | null = null
  let variables: Readonly<Record<string, unknown>> | null = null
  for (const [key, it] of Object.entries(value as Record<string, unknown>)) {
    if (key === 'query' && typeof it === 'string') query = it
    else if (key === 'operationName' && (typeof it === 'string' || it === null)) operationName = it
    else if (key === 'variables' && typeof it === 'object' && !Array.isArray(it)) variables = it as typeof variables
    else return null
  }
  return query === null ? null : { query, operationName, variables }
}

async function answer(
  { id, run }: Taken,
  request: IncomingMessage,
  response: ServerResponse,
  parts: ShortWayParts,
): Promise<void> {
  parts.observer.count('edge.short')
  const begun = parts.clock.monotonicMs()
  const { body, failed, codes } = await run()
  // What a client could be refused for was found before it was run; that there is no room is found when its turn would come.
  const status = failed !== 'request' ? 200 : codes.includes('BUSY') ? 503 : 500
  const head = ['x-request-id', id, 'x-content-type-options', 'nosniff', 'cache-control', 'no-store']
  head.push('content-type', TYPES.get(request.headers.accept) ?? JSON_TYPE)
  if (codes.includes('BUSY')) head.push('retry-after', '1')
  await send(response, { status, head, body }, request.headers, parts.settings.compressBytes)
  tell(parts, id, status, parts.clock.monotonicMs() - begun)
}

/** An answer on its way out. */
interface Outgoing {
  readonly status: number
  readonly head: string[]
  readonly body: string
}

async function send(
  response: ServerResponse,
  { status, head, body }: Outgoing,
  headers: IncomingHttpHeaders,
  compressBytes: number,
): Promise<void> {
  const large = compressBytes > 0 && body.length >= compressBytes
  const packing = large ? packingFor(headers['accept-encoding']) : null
  if (large) head.push('vary', 'Accept-Encoding')
  if (packing !== null) head.push('content-encoding', packing)
  const bytes = packing === null ? body : await packed(body, packing)
  head.push('content-length', String(Buffer.byteLength(bytes)))
  response.writeHead(status, head)
  response.end(bytes)
}

/** The same figures and the same line of the log as the long way's. */
function tell({ observer }: ShortWayParts, id: string, status: number, tookMs: number): void {
  const labels = { route: '/graphql', method: 'POST', status: String(status) }
  observer.count('edge.answered', labels)
  observer.time('edge.took', tookMs / 1000, { route: '/graphql' })
  observer.log('info', 'answered', { requestId: id, ...labels, ms: Math.round(tookMs) })
}
