import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'

/** What a code means in HTTP when the request as a whole is refused; any other code is 400. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['NOT_FOUND', 404],
  ['METHOD_NOT_ALLOWED', 405],
  ['CONFLICT', 409],
  ['REQUEST_TOO_LARGE', 413],
  ['UNSUPPORTED_MEDIA_TYPE', 415],
  ['INTERNAL_SERVER_ERROR', 500],
  ['BUSY', 503],
])

/** A refusal of the whole request, in GraphQL's form. A fault is logged whole and told as nothing but its code. */
export function failureReply(
  error: unknown,
  { request, reply, observer }: { request: FastifyRequest; reply: FastifyReply; observer: Observer },
): FastifyReply {
  const failure = asFailure(error)
  if (failure.code === 'INTERNAL_SERVER_ERROR')
    observer.log('error', 'a request failed', { requestId: request.id, error })
  const status = STATUS.get(failure.code) ?? 400
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  if (status === 503) void reply.header('retry-after', '1')
  return reply
    .code(status)
    .type(typeFor(request))
    .send(`{"errors":${errorList([failure])}}`)
}

/** Refusals as the JSON text of a list of GraphQL errors. */
export function errorList(failures: readonly Failure[]): string {
  return JSON.stringify(failures.map(({ message, code, details }) => ({ message, extensions: { code, ...details } })))
}

/** What was thrown, as a refusal that may be told. Fastify's own refusals are known by their status. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new Failure('REQUEST_TOO_LARGE', 'the body is over the limit', { cause: error })
  if (status === 415)
    return new Failure('UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json', { cause: error })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Failure('BAD_REQUEST', 'the request cannot be read', { cause: error })
  return new Failure('INTERNAL_SERVER_ERROR', 'something of ours failed', { cause: error })
}

function typeFor({ headers }: FastifyRequest): string {
  const wanted = headers.accept?.includes('application/graphql-response+json') ?? false
  return `${wanted ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`
}
