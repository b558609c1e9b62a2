import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asked } from './apollo.js'
import type { ReadBearer } from './bearer.js'
import { checkCrossSite } from './cross-site.js'
import type { Streams } from './stream/open-streams.js'
import { readBody, readSearch, type Reading } from './read-request.js'

/** What the way of a request is made of. */
export interface Handler {
  /** Stands before Apollo Server's own handler; a refusal is thrown, and `failure-reply.ts` answers it. */
  readonly read: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Says who may keep the answer: a shared cache only what everybody may see and nothing went wrong with. */
  readonly tellCaches: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** What was read of this request, for Apollo Server's context. */
  readonly asked: (request: object) => Promise<Asked>
}

/** request -> not forged -> readable and within limits -> who asks -> a stream, or (Apollo Server -> our engine -> reply). */
export function graphHandler(bearer: ReadBearer, reading: Reading, streams: Streams): Handler {
  const all = new WeakMap<object, Asked>()
  return {
    async read(request, reply) {
      checkCrossSite(request.headers)
      if (request.method === 'POST') request.body = readBody(request.headers, request.body, reading)
      else resolveSearch(request, reading)
      const asker = await bearer(request.headers.authorization)
      const asked: Asked = { context: { ...asker, requestId: request.id, signal: null }, operation: null, codes: [] }
      if (!streams.take(request, reply, asked)) all.set(request, asked)
    },
    tellCaches(request, reply) {
      const asked = all.get(request)
      const forAll = asked?.context.authorization === null && request.headers.cookie === undefined
      const good = request.method === 'GET' && reply.statusCode === 200 && asked?.codes.length === 0
      const { cacheSeconds } = reading.settings
      const keeps = forAll && good && cacheSeconds > 0
      void reply.header('cache-control', keeps ? `public, max-age=${cacheSeconds}` : 'no-store')
      if (keeps) void reply.header('vary', 'Accept, Accept-Encoding, Authorization, Cookie, Origin')
      return Promise.resolve()
    },
    asked(request) {
      const asked = all.get(request)
      return asked === undefined ? Promise.reject(new Error('the request was not read')) : Promise.resolve(asked)
    },
  }
}

/** Apollo Server reads a GET by its URL, so that is where a document that was named must stand. */
function resolveSearch(request: FastifyRequest, reading: Reading): void {
  const [path = '', search = ''] = request.url.split(/\?([^]*)/)
  const sent = new URLSearchParams(search)
  const resolved = readSearch(request.headers, sent, reading)
  if (resolved !== sent) request.raw.url = `${path}?${resolved.toString()}`
}
