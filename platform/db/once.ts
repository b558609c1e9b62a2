import { createHash } from 'node:crypto'
import { Failure } from '../failure.js'
import type { Database } from './database.js'

/** A deed that may be asked for again: whose it is, under which key, and with what body. */
export interface Deed {
  readonly owner: string
  readonly key: string
  readonly body: unknown
}

/** What is asked for, all of it its body but the key that it may bear. */
export interface MaybeKeyed {
  readonly idempotencyKey?: string | null | undefined
}

/** The table of deeds done, for the first migration of a schema that uses `once`. */
export function ONCE_TABLE(schema: string): string {
  return `create table ${schema}.once (
    owner text not null,
    key text not null,
    body text not null,
    answer text,
    at timestamptz not null default now(),
    primary key (owner, key)
  );`
}

/**
 * Does the work once for an owner's key, in the transaction of the work itself: the same key and body again get the stored answer,
 * another body is `IDEMPOTENCY_MISMATCH`, a work that throws leaves nothing behind. Whoever comes while it runs waits for its end.
 * The answer must be JSON; it is given as it will be read back, also the first time.
 */
export async function once<T>(
  tx: Database,
  schema: string,
  deed: Deed,
  work: () => Promise<T>,
): Promise<{ answer: T; replayed: boolean }> {
  // What is stored is what the same work answered to the same body: the two casts below rest on that.
  const body = createHash('sha256')
    .update(canonical(deed.body ?? null))
    .digest('base64')
  const { count } = await tx.query(
    `insert into ${schema}.once (owner, key, body) values ($1, $2, $3) on conflict (owner, key) do nothing`,
    [deed.owner, deed.key, body],
  )
  if (count === 0) return { answer: read(await stored(tx, schema, deed, body)) as T, replayed: true }
  const answer = JSON.stringify(await work())
  await tx.query(`update ${schema}.once set answer = $3 where owner = $1 and key = $2`, [deed.owner, deed.key, answer])
  return { answer: read(answer) as T, replayed: false }
}

/** Does the work once where it was asked for under a key, and each time where it bears none. The same key may be used for another kind. */
export async function onceIfKeyed<T>(
  tx: Database,
  schema: string,
  { owner, kind, asked }: { readonly owner: string; readonly kind: string; readonly asked: MaybeKeyed },
  work: () => Promise<T>,
): Promise<T> {
  const { idempotencyKey, ...body } = asked
  if (idempotencyKey === undefined || idempotencyKey === null) return work()
  return (await once(tx, schema, { owner, key: `${kind} ${idempotencyKey}`, body }, work)).answer
}

async function stored(tx: Database, schema: string, { owner, key }: Deed, body: string): Promise<string | null> {
  const { rows } = await tx.query<{ body: string; answer: string | null }>(
    `select body, answer from ${schema}.once where owner = $1 and key = $2`,
    [owner, key],
  )
  if (rows[0]?.body !== body)
    throw new Failure('IDEMPOTENCY_MISMATCH', 'this idempotency key was used before with another body')
  return rows[0].answer
}

/** Forgets some of the oldest deeds, done before a moment; gives how many. Call it again while it gives `most`. */
export async function forgetOnce(
  db: Database,
  schema: string,
  { before, most }: { readonly before: Date; readonly most: number },
): Promise<number> {
  const { count } = await db.query(
    `delete from ${schema}.once where ctid = any(array(select ctid from ${schema}.once where at < $1 order by at limit $2))`,
    [before, most],
  )
  return count
}

function read(answer: string | null | undefined): unknown {
  return answer === null || answer === undefined ? undefined : JSON.parse(answer)
}

/** What is kept of a body to know it again. */
export function bodyHash(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('base64')
}

/** JSON with the keys of every object in order, so that the same body is the same text. */
function canonical(body: unknown): string {
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
