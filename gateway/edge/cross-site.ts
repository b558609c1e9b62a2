import { Failure } from '../../platform/failure.js'
import type { IncomingHttpHeaders } from 'node:http'

/** A browser sends these only after it has asked us first, so their presence proves that no foreign page forged the request. */
const PREFLIGHT_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight'] as const

/** A browser sends bodies of these types to any host without asking it first. */
const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/** Refuses what a foreign page could have made a visitor's browser send. Only a cookie makes such a request more than an anonymous one. */
export function checkCrossSite(headers: IncomingHttpHeaders): void {
  if (headers.cookie === undefined) return
  if (PREFLIGHT_HEADERS.some((name) => (headers[name]?.length ?? 0) > 0)) return
  const type = mediaType(headers['content-type'])
  if (type !== null && !SIMPLE_TYPES.includes(type)) return
  throw new Failure(
    'CSRF',
    `a request with a cookie needs content-type application/json or the header ${PREFLIGHT_HEADERS[1]}`,
  )
}

/** Sockets have no preflight: with a cookie only pages of ours, by exact origin, may open one. */
export function foreignSocket(headers: IncomingHttpHeaders, origins: readonly string[]): boolean {
  const { origin, host, cookie } = headers
  if (origin !== undefined && (origins.includes(origin) || isOwn(origin, host))) return false
  return cookie !== undefined
}

/** The type of a body without its parameters, in lower case. */
export function mediaType(header: string | undefined): string | null {
  const type = header?.split(';')[0]?.trim().toLowerCase()
  return type === undefined || type === '' ? null : type
}

function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}
