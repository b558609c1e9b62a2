import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import type { Asked } from './apollo.js'
import type { ReadBearer } from './bearer.js'
import type { Carry } from './carried.js'
import { checkCrossSite } from './cross-site.js'
import { RefusedDocument } from './failure-reply.js'
import type { Foresight } from './foresight.js'
import type { WantedOperation } from './run-operation.js'
import type { Streams } from './stream/open-streams.js'
import { partFormat } from './stream/part-formats.js'
import { wantedOperations } from './stream/wanted-operation.js'
import { untilGone } from './until-gone.js'
import { unpackBody, type UnpackBody } from './unpack-body.js'
import { readBody, readSearch, type Reading } from './read-request.js'

/** What the way of a request is made of. */
export interface Handler {
  /** Stands before the body is read. */
  readonly unpack: UnpackBody
  /** Stands before Apollo Server's own handler; a refusal is thrown, and `failure-reply.ts` answers it. */
  readonly read: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Says who may keep the answer: a shared cache only what everybody may see and nothing went wrong with. */
  readonly tellCaches: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** What was read of this request, for Apollo Server's context. */
  readonly asked: (request: object) => Promise<Asked>
}

/** What it is built of. */
export interface HandlerParts {
  readonly bearer: ReadBearer
  readonly carry: Carry
  /** Headers of a client that go down to some subgraph, on which an answer may therefore depend. */
  readonly passed: readonly string[]
  readonly reading: Reading
  readonly streams: Streams
  readonly foresight: Foresight
  /** What a document was refused with that was read aside. */
  readonly refusalOf: (text: string) => readonly GraphQLFormattedError[] | undefined
}

/** request -> not forged -> readable and within limits -> who asks -> read aside when it is large -> a stream, or (Apollo Server -> our engine -> reply). */
export function graphHandler(parts: HandlerParts): Handler {
  const { bearer, carry, reading, streams, foresight, refusalOf } = parts
  const all = new WeakMap<object, Asked>()
  const varying = ['Accept', 'Accept-Encoding', 'Authorization', 'Cookie', 'Origin', ...parts.passed].join(', ')
  return {
    unpack: unpackBody(reading.settings.limits.bodyBytes),
    async read(request, reply) {
      checkCrossSite(request.headers)
      if (request.method === 'POST') request.body = readBody(request.headers, request.body, reading)
      else resolveSearch(request, reading)
      const { who, authorization } = await bearer(request.headers.authorization, request.ip)
      const carried = carry(request.headers)
      const signal = untilGone(reply.raw, carried)
      const context = { who, authorization, requestId: request.id, signal, carried }
      const asked: Asked = { context, operation: null, codes: [], key: keyOf(request.headers['idempotency-key']) }
      const operations = operationsOf(request, context)
      const format = partFormat(request.headers.accept)
      for (const operation of operations) await foresight(operation, format)
      if (streams.take(request, reply, asked)) return
      for (const { wanted } of operations) {
        const refused = refusalOf(wanted.query ?? '')
        if (refused !== undefined) throw new RefusedDocument(refused)
      }
      all.set(request, asked)
    },
    tellCaches(request, reply) {
      if (reply.hasHeader('cache-control')) return Promise.resolve() // Apollo Server knows it of a document that it was not sent
      const asked = all.get(request)
      const forAll = asked?.context.authorization === null && request.headers.cookie === undefined
      const good = request.method === 'GET' && reply.statusCode === 200 && asked?.codes.length === 0
      const { cacheSeconds } = reading.settings
      const keeps = forAll && good && cacheSeconds > 0
      void reply.header('cache-control', keeps ? `public, max-age=${cacheSeconds}` : 'no-store')
      if (keeps) void reply.header('vary', varying)
      return Promise.resolve()
    },
    asked(request) {
      const asked = all.get(request)
      return asked === undefined ? Promise.reject(new Error('the request was not read')) : Promise.resolve(asked)
    },
  }
}

/** What the request wants run; what cannot be read as that is GraphQL's to refuse. */
function operationsOf(request: FastifyRequest, context: FetchContext): readonly WantedOperation[] {
  try {
    return wantedOperations(request, context)
  } catch {
    return []
  }
}

const MOST_KEY = 200

/** What the header says; one that no client of ours would send is refused before anything is done. */
function keyOf(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && header.length > 0 && header.length <= MOST_KEY) return header
  throw new Failure('BAD_REQUEST', `Idempotency-Key must be one text of 1 to ${MOST_KEY} characters`)
}

/** Apollo Server reads a GET by its URL, so that is where a document that was named must stand. */
function resolveSearch(request: FastifyRequest, reading: Reading): void {
  const [path = '', search = ''] = request.url.split(/\?([^]*)/)
  const sent = new URLSearchParams(search)
  const resolved = readSearch(request.headers, sent, reading)
  if (resolved !== sent) request.raw.url = `${path}?${resolved.toString()}`
}
