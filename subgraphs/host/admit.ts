import { Failure } from '../../platform/failure.js'
import { checkSignature, SIGNATURE_HEADER, TIME_HEADER, type SignedRequest } from '../../platform/http/sign-request.js'
import type { Secrets } from '../../platform/secret.js'
import type { Clock } from '../../platform/time/clock.js'
import { verifyToken } from '../../platform/token.js'
import { ANONYMOUS, identity, type Identity } from '../../schema/identity.js'

/** Who lets requests in: the keys for the gateway's signature and for bearers' tokens, and the clock that both are read by. */
export interface Gate {
  readonly secrets: Secrets
  readonly clock: Clock
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Passes only what the gateway has signed, just now. */
export function admitGateway({ secrets, clock }: Gate, request: SignedRequest, headers: Headers): void {
  const sent = { time: only(headers[TIME_HEADER]), signature: only(headers[SIGNATURE_HEADER]) }
  const verdict = checkSignature(secrets.key('gateway'), request, sent, clock.now())
  if (verdict !== 'good') throw new Failure('SIGNATURE_INVALID', `the gateway's signature is ${verdict}`)
}

/** Who asks, by the `authorization` header that the gateway passed on; a bad token is never an anonymous visitor. */
export async function bearer({ secrets, clock }: Gate, authorization: unknown): Promise<Identity> {
  if (authorization === undefined || authorization === null) return ANONYMOUS
  const token = typeof authorization === 'string' ? /^Bearer ([^\s]+)$/i.exec(authorization)?.[1] : undefined
  if (token === undefined) throw new Failure('UNAUTHENTICATED', 'the authorization is not of the form Bearer TOKEN')
  return identity(await verifyToken(secrets.key('token'), token, clock))
}

function only(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
