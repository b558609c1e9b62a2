import { Failure } from '../../platform/failure.js'
import type { Cancel, Clock } from '../../platform/time/clock.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { checkAddress } from './address.js'

/** Reads a token; a wrong or expired one is refused with `UNAUTHENTICATED`. */
export type Verify = (token: string) => Promise<Identity>

/** Who asks, and the header that proves it to the subgraphs. */
export interface Asker {
  readonly who: Identity
  readonly authorization: string | null
}

/** A timer holds no more than 2^31 ms. */
const LONGEST_TIMER = 2_000_000_000

/** Turns an `authorization` header into who asks, from an address that his credential is used from. */
export interface ReadBearer {
  (authorization: string | undefined, address: string): Promise<Asker>
  /** Who asks, when that is known without reading a token, and nothing more is to be asked of him; else null. */
  known(authorization: string | undefined): Asker | null
}

const NOBODY: Asker = { who: ANONYMOUS, authorization: null }
const MOST_KNOWN = 10_000
/** A token is read again after this time, so that a key that was withdrawn does not go on. */
const KNOWN_MS = 30_000

/** Without `verify` tokens are the subgraphs' to read: they go down as they came. With it, a bearer's token is read once and remembered for a while, never past its end. */
export function readBearer(verify: Verify | null, clock: Clock): ReadBearer {
  if (verify === null) return unread
  const known = new Map<string, { readonly who: Identity; readonly until: number }>()
  const remembered = (token: string): Identity | null => {
    const there = known.get(token)
    return there !== undefined && there.until > clock.now().getTime() ? there.who : null
  }
  const identityOf = async (token: string): Promise<Identity> => {
    const there = remembered(token)
    if (there !== null) return there
    const now = clock.now().getTime()
    const who = await verify(token)
    const until = Math.min(now + KNOWN_MS, (who.expiresAt ?? Infinity) * 1000)
    known.delete(token)
    known.set(token, { who, until })
    forgetOldest(known)
    return who
  }
  const read = async (authorization: string | undefined, address: string): Promise<Asker> => {
    if (authorization === undefined) return NOBODY
    const token = tokenIn(authorization)
    if (token === undefined) throw new Failure('UNAUTHENTICATED', 'authorization must be of the form: Bearer TOKEN')
    const who = await identityOf(token)
    checkAddress(who, address)
    return { who, authorization }
  }
  return Object.assign(read, {
    known(authorization: string | undefined) {
      if (authorization === undefined) return NOBODY
      const who = remembered(tokenIn(authorization) ?? '')
      return who === null || who.credential !== undefined ? null : { who, authorization }
    },
  })
}

/** Tokens are the subgraphs' to read: they go down as they came. */
const unread: ReadBearer = Object.assign(
  (authorization: string | undefined) => Promise.resolve(asItCame(authorization)),
  {
    known: asItCame,
  },
)

function asItCame(authorization: string | undefined): Asker {
  return authorization === undefined ? NOBODY : { who: ANONYMOUS, authorization }
}

function tokenIn(authorization: string): string | undefined {
  return /^Bearer +([^\s,]+)$/i.exec(authorization)?.[1]
}

/** Runs `expired` at the moment when the token of whoever asks ends; never for a token that does not. */
export function untilExpiry(who: Identity, clock: Clock, expired: () => void): Cancel {
  if (who.expiresAt === null) return () => undefined
  const left = who.expiresAt * 1000 - clock.now().getTime()
  if (left <= LONGEST_TIMER) return clock.after(Math.max(0, left), expired)
  let cancel = clock.after(LONGEST_TIMER, () => (cancel = untilExpiry(who, clock, expired)))
  return () => cancel()
}

function forgetOldest(known: Map<string, unknown>): void {
  if (known.size <= MOST_KNOWN) return
  for (const [oldest] of known) {
    known.delete(oldest)
    return
  }
}
