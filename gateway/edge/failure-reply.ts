import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import { isStillAnAnswer } from './legacy-answers.js'

/** What a code means in HTTP when the request as a whole is refused; any other code is 400. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['NETWORK_FORBIDDEN', 403],
  ['NOT_FOUND', 404],
  ['METHOD_NOT_ALLOWED', 405],
  ['CONFLICT', 409],
  ['REQUEST_TOO_LARGE', 413],
  ['UNSUPPORTED_MEDIA_TYPE', 415],
  ['INTERNAL_SERVER_ERROR', 500],
  ['QUOTA_EXCEEDED', 429],
  ['BUSY', 503],
])

/** A document that may not be run, with all that is wrong with it. */
export class RefusedDocument extends Error {
  readonly errors: readonly GraphQLFormattedError[]

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'the document cannot be read')
    this.name = 'RefusedDocument'
    this.errors = errors
  }
}

/** A refusal of the whole request, in GraphQL's form. A fault is logged whole and told as nothing but its code. */
export function failureReply(
  error: unknown,
  { request, reply, observer }: { request: FastifyRequest; reply: FastifyReply; observer: Observer },
): FastifyReply {
  if (error instanceof RefusedDocument) {
    const codes = error.errors.map(({ extensions }) => String(extensions?.['code']))
    return reply
      .code(isStillAnAnswer(request.headers.accept, codes) ? 200 : 400)
      .type(typeFor(request))
      .send(JSON.stringify({ errors: error.errors }))
  }
  const failure = asFailure(error)
  if (failure.code === 'INTERNAL_SERVER_ERROR')
    observer.log('error', 'a request failed', { requestId: request.id, error })
  const status = statusOf(failure)
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  const seconds = retryAfter(failure)
  if (seconds !== null) void reply.header('retry-after', seconds)
  return reply
    .code(status)
    .type(typeFor(request))
    .send(`{"errors":${errorList([failure])}}`)
}

/** The status of a request that is refused as a whole. */
export function statusOf({ code }: Failure): number {
  return STATUS.get(code) ?? 400
}

/** The seconds after which it may be asked again; null where that changes nothing. */
export function retryAfter({ code, details }: Failure): string | null {
  if (code !== 'BUSY' && code !== 'QUOTA_EXCEEDED') return null
  return String(details['retryAfterSeconds'] ?? 1)
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
