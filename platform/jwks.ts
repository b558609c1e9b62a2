import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import { fields, json } from './decode.js'
import { Failure } from './failure.js'
import { call } from './http/call.js'
import type { Clock } from './time/clock.js'

/** Whose tokens are taken, and where the keys are that prove them. */
export interface JwksSource {
  readonly url: string
  /** What `iss` and `aud` must be; empty asks nothing of them. */
  readonly issuer: string
  readonly audience: string
}

/** Signatures of a public key: a token that names a shared secret's algorithm cannot be made from what everybody may read. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const MOST_BYTES = 262_144
const TIMEOUT_MS = 5_000
/** Keys are fetched again after this time, so that a withdrawn one does not go on. */
const FRESH_MS = 600_000
/** A token that names a key which nobody knows has the keys fetched again, but no more often than this. */
const COOLDOWN_MS = 30_000
/** While the keys cannot be fetched, those that were known serve on for so long. */
const STALE_MS = 86_400_000

/** Reads the claims of tokens that somebody else signs; a wrong or expired one is refused with `UNAUTHENTICATED`, and `BUSY` says that no keys can be had. */
export function jwksVerifier(source: JwksSource, clock: Clock): (token: string) => Promise<unknown> {
  const keys = createRemoteJWKSet(new URL(source.url), {
    cacheMaxAge: FRESH_MS,
    cooldownDuration: COOLDOWN_MS,
    [customFetch]: keysFetcher(clock),
  })
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        currentDate: clock.now(),
        ...(source.issuer !== '' && { issuer: source.issuer }),
        ...(source.audience !== '' && { audience: source.audience }),
      })
      return payload
    } catch (cause) {
      throw refusal(cause)
    }
  }
}

function refusal(cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  if (cause instanceof errors.JWTExpired) return new Failure('UNAUTHENTICATED', 'the token has expired', { cause })
  if (cause instanceof errors.JWKSInvalid) return unavailable(cause)
  return new Failure('UNAUTHENTICATED', 'the token is not one of ours', { cause })
}

function unavailable(cause: unknown): Failure {
  return new Failure('BUSY', 'tokens cannot be verified now', { cause })
}

function holdsKeys(body: Buffer): boolean {
  try {
    return Array.isArray(fields(json(body.toString(), 'keys'), 'keys')['keys'])
  } catch {
    return false
  }
}

/** Fetches within bounds; when that fails, gives what it had, and does not try again at once. */
function keysFetcher(clock: Clock): (url: string) => Promise<Response> {
  let last: { readonly body: Buffer; readonly at: number } | null = null
  let triedAt = -Infinity
  const elapsed = (since: number): number => clock.now().getTime() - since
  return async (url) => {
    if (elapsed(triedAt) < 1_000) return known(null)
    try {
      const { status, body } = await call({ url, method: 'GET', timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES })
      if (status !== 200 || !holdsKeys(body)) throw new Failure('CALL_UNREACHABLE', `no keys came, status ${status}`)
      last = { body, at: clock.now().getTime() }
      return new Response(new Uint8Array(body))
    } catch (cause) {
      triedAt = clock.now().getTime()
      return known(cause)
    }
  }
  function known(cause: unknown): Response {
    if (last === null || elapsed(last.at) > STALE_MS) throw unavailable(cause)
    return new Response(new Uint8Array(last.body))
  }
}
