import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../failure.js'
import type { Observer } from '../observe/observer.js'
import { jsonAnswer, type Door, type DoorAnswer, type DoorRequest } from './door.js'

/** The most that a door reads of a body. */
export const DOOR_BODY_BYTES = 1_048_576

/** What a code means in HTTP; any other refusal is 400. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['UNAUTHENTICATED', 401],
  ['SIGNATURE_INVALID', 401],
  ['FORBIDDEN', 403],
  ['NOT_FOUND', 404],
  ['CLICK_INVALID', 404],
  ['CONFLICT', 409],
  ['REQUEST_TOO_LARGE', 413],
  ['BUSY', 503],
])

/** Hangs doors on a server, each with its body as raw bytes: a signature is made over bytes, not over what a parser made of them. */
export function mountDoors(server: FastifyInstance, doors: readonly Door[], observer: Observer): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: DOOR_BODY_BYTES }, (_request, body, parsed) =>
      parsed(null, body),
    )
    for (const door of doors)
      scope.route({
        method: door.method,
        url: door.path,
        handler: (request, reply) => answerAt(door, request, reply, observer),
      })
    done()
  })
}

async function answerAt(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  observer: Observer,
): Promise<FastifyReply> {
  const answer = await door.answer(doorRequest(request)).catch((error: unknown) => refusal(error, door, observer))
  observer.count('door.answered', { door: door.path, status: String(answer.status) })
  return await reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .send(typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body))
}

function doorRequest(request: FastifyRequest): DoorRequest {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  // Fastify types the parameters of a route by the route; here they are what the path names.
  const path = new Map(Object.entries(request.params as Record<string, string>))
  const query = new URL(request.url, 'http://door').searchParams
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  return { method: request.method, path, query, headers, body, address: request.ip }
}

function refusal(error: unknown, door: Door, observer: Observer): DoorAnswer {
  if (error instanceof Failure)
    return jsonAnswer(STATUS.get(error.code) ?? 400, { error: { code: error.code, message: error.message } })
  observer.log('error', 'a door failed', { door: door.path, error })
  return jsonAnswer(500, { error: { code: 'INTERNAL_SERVER_ERROR', message: 'something of ours failed' } })
}
