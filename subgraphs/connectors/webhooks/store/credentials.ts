import type { Database } from '../../../../platform/db/database.js'
import type { PartnerScope } from '../../../../schema/identity.js'
import type { CredentialLimits } from '../credential.js'
import type { Use } from '../domain/allowance.js'

/** A partner's credential. */
export interface CredentialRow {
  readonly id: string
  readonly partner: string
  /** For people: which of the partner's servers uses it. */
  readonly label: string
  readonly scopes: readonly PartnerScope[]
  readonly networks: readonly string[]
  readonly per_minute: number
  readonly per_day: number
  readonly made_at: Date
  /** When it was last exchanged for a token, or a gateway last drew of its quota. */
  readonly used_at: Date | null
  readonly revoked_at: Date | null
  readonly revoked_why: string | null
  readonly minute: number
  readonly minute_used: number
  readonly day: number
  readonly day_used: number
}

/** A secret of a credential; nothing of it is kept but its hash. Without an end it is the newest. */
export interface SecretRow {
  readonly credential: string
  readonly hash: string
  readonly made_at: Date
  readonly ends_at: Date | null
}

/** Writes down a new credential. */
export async function insertCredential(
  tx: Database,
  it: Pick<CredentialRow, 'id' | 'partner' | 'label' | 'made_at'> & { readonly limits: CredentialLimits },
): Promise<void> {
  const { scopes, networks, perMinute, perDay } = it.limits
  await tx.query(
    `insert into webhooks.credential (id, partner, label, scopes, networks, per_minute, per_day, made_at)
     values ($1, $2, $3, $4::text[], $5::text[], $6, $7, $8)`,
    [it.id, it.partner, it.label, scopes, networks, perMinute, perDay, it.made_at],
  )
}

/** Changes what a credential may do. */
export async function writeLimits(tx: Database, id: string, limits: CredentialLimits): Promise<void> {
  const { scopes, networks, perMinute, perDay } = limits
  await tx.query(
    `update webhooks.credential set scopes = $2::text[], networks = $3::text[], per_minute = $4, per_day = $5 where id = $1`,
    [id, scopes, networks, perMinute, perDay],
  )
}

/** A credential, locked until the transaction ends; null for an unknown one. */
export async function lockCredential(tx: Database, id: string): Promise<CredentialRow | null> {
  const { rows } = await tx.query<CredentialRow>('select * from webhooks.credential where id = $1 for update', [id])
  return rows[0] ?? null
}

/** A credential by its id; null for an unknown one. */
export async function readCredential(db: Database, id: string): Promise<CredentialRow | null> {
  const { rows } = await db.query<CredentialRow>('select * from webhooks.credential where id = $1', [id])
  return rows[0] ?? null
}

/** Credentials behind an id, in the order of the ids: of one partner, or of all. */
export async function pageOfCredentials(
  db: Database,
  wanted: { readonly partner: string | null; readonly after: string; readonly most: number },
): Promise<readonly CredentialRow[]> {
  const { rows } = await db.query<CredentialRow>(
    `select * from webhooks.credential where ($1::text is null or partner = $1) and id > $2 order by id limit $3`,
    [wanted.partner, wanted.after, wanted.most],
  )
  return rows
}

/** Ends a credential; one that is ended already keeps its reason. */
export async function endCredential(tx: Database, id: string, { why, at }: { why: string; at: Date }): Promise<void> {
  await tx.query(
    'update webhooks.credential set revoked_at = $2, revoked_why = $3 where id = $1 and revoked_at is null',
    [id, at, why],
  )
}

/** Remembers when a credential was used. */
export async function touchCredential(db: Database, id: string, at: Date): Promise<void> {
  await db.query('update webhooks.credential set used_at = greatest(used_at, $2) where id = $1', [id, at])
}

/** Writes how often a credential asked. */
export async function writeUse(tx: Database, id: string, use: Use, at: Date): Promise<void> {
  await tx.query(
    `update webhooks.credential set minute = $2, minute_used = $3, day = $4, day_used = $5, used_at = greatest(used_at, $6)
     where id = $1`,
    [id, use.minute, use.minuteUsed, use.day, use.dayUsed, at],
  )
}

/** Adds a secret. The newest before it ends when it is told; those that had an end already are gone, so that there are two at most. */
export async function addSecret(
  tx: Database,
  it: Pick<SecretRow, 'credential' | 'hash' | 'made_at'> & { readonly olderEnds: Date },
): Promise<void> {
  await tx.query('delete from webhooks.credential_secret where credential = $1 and ends_at is not null', [
    it.credential,
  ])
  await tx.query('update webhooks.credential_secret set ends_at = $2 where credential = $1', [
    it.credential,
    it.olderEnds,
  ])
  await tx.query('insert into webhooks.credential_secret (credential, hash, made_at) values ($1, $2, $3)', [
    it.credential,
    it.hash,
    it.made_at,
  ])
}

/** The secrets of credentials that hold at a moment, the oldest first, by credential. */
export async function secretsOf(
  db: Database,
  credentials: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, readonly SecretRow[]>> {
  const { rows } = await db.query<SecretRow>(
    `select credential, hash, made_at, ends_at from webhooks.credential_secret
     where credential = any($1::text[]) and (ends_at is null or ends_at > $2) order by credential, ends_at nulls last`,
    [credentials, at],
  )
  const byCredential = new Map<string, SecretRow[]>()
  for (const row of rows) byCredential.set(row.credential, [...(byCredential.get(row.credential) ?? []), row])
  return byCredential
}
