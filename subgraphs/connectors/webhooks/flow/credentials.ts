import type { Database } from '../../../../platform/db/database.js'
import { once } from '../../../../platform/db/once.js'
import type { Chance } from '../../../../platform/time/chance.js'
import type { Clock } from '../../../../platform/time/clock.js'
import { refuse } from '../../../../schema/refuse.js'
import { readLimits, secretHash, STANDARD, type CredentialLimits } from '../credential.js'
import { draw, type Drawn, type Wanted } from '../domain/allowance.js'
import {
  addSecret,
  endCredential,
  insertCredential,
  lockCredential,
  writeLimits,
  writeUse,
  type CredentialRow,
} from '../store/credentials.js'
import { SCHEMA } from '../store/migrations.js'

/** What deeds on credentials work with. */
export interface Desk {
  readonly db: Database
  readonly clock: Clock
  readonly chance: Chance
  /** What secrets are hashed with. */
  readonly key: Buffer
}

/** A credential and its new secret, which is told this once: null when the deed was done before. */
export interface Issued {
  readonly id: string
  readonly secret: string | null
}

/** A wish for a credential. */
export interface IssueRequest {
  readonly owner: string
  readonly idempotencyKey: string
  readonly partner: string
  readonly label: string
  readonly limits: CredentialLimits
}

/** Issues a credential with its first secret. */
export function issueCredential(desk: Desk, request: IssueRequest): Promise<Issued> {
  const { owner, idempotencyKey, partner, label, limits } = request
  const secret = freshSecret(desk)
  return desk.db.transaction(async (tx) => {
    const deed = { owner, key: `issue ${idempotencyKey}`, body: { partner, label, limits } }
    const { answer: id, replayed } = await once(tx, SCHEMA, deed, async () => {
      const id = `pc_${desk.chance.bytes(12).toString('hex')}`
      const at = desk.clock.now()
      await insertCredential(tx, { id, partner, label, limits, made_at: at })
      await addSecret(tx, { credential: id, hash: secretHash(desk.key, secret), made_at: at, olderEnds: at })
      return id
    })
    return { id, secret: replayed ? null : secret }
  })
}

/** Gives a credential another secret; the one it has goes on for a while, and there are never more than these two. */
export function rotateSecret(
  desk: Desk,
  request: { readonly owner: string; readonly idempotencyKey: string; readonly id: string; readonly overlapMs: number },
): Promise<Issued> {
  const { owner, idempotencyKey, id, overlapMs } = request
  const secret = freshSecret(desk)
  return desk.db.transaction(async (tx) => {
    await standing(tx, id)
    const deed = { owner, key: `rotate ${idempotencyKey}`, body: { id, overlapMs } }
    const { replayed } = await once(tx, SCHEMA, deed, async () => {
      const at = desk.clock.now()
      const olderEnds = new Date(at.getTime() + overlapMs)
      await addSecret(tx, { credential: id, hash: secretHash(desk.key, secret), made_at: at, olderEnds })
      return id
    })
    return { id, secret: replayed ? null : secret }
  })
}

/** Changes what of a credential's limits is named; it holds for the next token, quotas at the next drawing. */
export function changeCredential(
  { db }: Desk,
  { id, ...limits }: { readonly id: string } & Parameters<typeof readLimits>[0],
): Promise<string> {
  return db.transaction(async (tx) => {
    const { scopes, networks, per_minute: perMinute, per_day: perDay } = await standing(tx, id)
    await writeLimits(tx, id, readLimits(limits, { ...STANDARD, scopes, networks, perMinute, perDay }))
    return id
  })
}

/** Ends a credential: it gets no token any more, and those that it has draw nothing any more. */
export function revokeCredential({ db, clock }: Desk, { id, why }: { id: string; why: string }): Promise<string> {
  return db.transaction(async (tx) => {
    if ((await lockCredential(tx, id)) === null) throw unknown()
    await endCredential(tx, id, { why, at: clock.now() })
    return id
  })
}

/** Draws of a credential's quota for a gateway; refuses when it was revoked. */
export function drawAllowance({ db, clock }: Desk, id: string, wanted: Wanted): Promise<Drawn> {
  return db.transaction(async (tx) => {
    const row = await lockCredential(tx, id)
    if (row === null || row.revoked_at !== null) throw refuse('UNAUTHENTICATED', 'the credential was revoked')
    const { minute, minute_used: minuteUsed, day, day_used: dayUsed } = row
    const quota = { perMinute: row.per_minute, perDay: row.per_day }
    const drawn = draw({ minute, minuteUsed, day, dayUsed }, quota, wanted, clock.now())
    await writeUse(tx, id, drawn.use, clock.now())
    return drawn
  })
}

async function standing(tx: Database, id: string): Promise<CredentialRow> {
  const row = await lockCredential(tx, id)
  if (row === null) throw unknown()
  if (row.revoked_at !== null) throw refuse('STATE_FORBIDS', 'a credential that was revoked stays so; issue another')
  return row
}

function unknown() {
  return refuse('NOT_FOUND', 'no such credential')
}

function freshSecret({ chance }: Desk): string {
  return `ps_${chance.bytes(32).toString('base64url')}`
}
