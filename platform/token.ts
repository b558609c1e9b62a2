import { SignJWT, errors, jwtVerify } from 'jose'
import { Failure } from './failure.js'
import type { Clock } from './time/clock.js'

/** Makes a token (JWT, HS256) that carries the claims and lasts `seconds`. */
export async function signToken(
  key: Uint8Array,
  claims: Readonly<Record<string, unknown>>,
  { clock, seconds }: { clock: Clock; seconds: number },
): Promise<string> {
  const now = Math.floor(clock.now().getTime() / 1000)
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(key)
}

/** The claims of a good token; a wrong or expired one is refused with `UNAUTHENTICATED`. Only HS256 is taken, and an expiry is asked for. */
export async function verifyToken(key: Uint8Array, token: string, clock: Clock): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      currentDate: clock.now(),
    })
    return payload
  } catch (cause) {
    const expired = cause instanceof errors.JWTExpired
    throw new Failure('UNAUTHENTICATED', expired ? 'the token has expired' : 'the token is not one of ours', { cause })
  }
}
