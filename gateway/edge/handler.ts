import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asked } from './apollo.js'
import type { ReadBearer } from './bearer.js'
import { checkCrossSite } from './cross-site.js'
import { checkSearch, readBody } from './read-request.js'
import type { EdgeSettings } from './settings.js'

/** What the way of a request is made of. */
export interface Handler {
  /** Stands before Apollo Server's own handler; a refusal is thrown, and `failure-reply.ts` answers it. */
  readonly read: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** What was read of this request, for Apollo Server's context. */
  readonly asked: (request: object) => Promise<Asked>
}

/** request -> not forged -> readable and within limits -> who asks -> (Apollo Server -> our engine -> reply). */
export function graphHandler(bearer: ReadBearer, settings: EdgeSettings): Handler {
  const all = new WeakMap<object, Asked>()
  return {
    async read(request) {
      checkCrossSite(request.headers)
      if (request.method === 'POST') request.body = readBody(request.headers, request.body, settings)
      else checkSearch(request.headers, searchOf(request), settings.limits)
      const asker = await bearer(request.headers.authorization)
      all.set(request, { context: { ...asker, requestId: request.id, signal: null }, operation: null, codes: [] })
    },
    asked(request) {
      const asked = all.get(request)
      return asked === undefined ? Promise.reject(new Error('the request was not read')) : Promise.resolve(asked)
    },
  }
}

function searchOf(request: FastifyRequest): URLSearchParams {
  const at = request.url.indexOf('?')
  return new URLSearchParams(at === -1 ? '' : request.url.slice(at))
}
