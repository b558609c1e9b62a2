import { Failure } from '../failure.js'
import type { Database } from './database.js'
import { bodyHash, type Deed } from './once.js'

/** What came of some deeds: an attempt for each, and what is still being written for them. */
export interface Done<T> {
  readonly attempts: readonly Attempt<T>[]
  readonly writing: Promise<unknown>
}

/** What came of one deed of a batch: an answer to be kept under its key, or a refusal after which it may be asked again. */
export type Attempt<T> = { readonly kept: T } | { readonly refused: Error }

/**
 * `once` for many deeds in one transaction, with two statements however many they are: what was done before is answered from
 * what was kept, `work` is given the places of the rest and answers for each. The same key twice in a batch is one deed.
 * When another transaction keeps one of the keys meanwhile, the insert fails as a duplicate (`isDuplicate`): do the batch again.
 */
export async function onceEach<T>(
  tx: Database,
  schema: string,
  deeds: readonly Deed[],
  work: (places: readonly number[]) => Promise<Done<T>>,
): Promise<readonly (T | Error)[]> {
  const hashes = deeds.map((deed) => bodyHash(deed.body))
  const kept = await keptAnswers(tx, schema, deeds)
  const first = new Map<string, number>()
  const fresh: number[] = []
  for (const [place, deed] of deeds.entries()) {
    const name = nameOf(deed)
    if (kept.has(name) || first.has(name)) continue
    first.set(name, place)
    fresh.push(place)
  }
  const { attempts, writing } = fresh.length === 0 ? { attempts: [], writing: null } : await work(fresh)
  const done = new Map(fresh.map((place, at) => [place, attempts[at]]))
  await Promise.all([writing, keep(tx, schema, newRows(deeds, hashes, done))])
  return deeds.map((deed, place) => {
    const name = nameOf(deed)
    const row = kept.get(name)
    const leader = first.get(name) ?? place
    if ((row?.body ?? hashes[leader]) !== hashes[place]) return mismatch()
    // What was kept is what the same work answered to the same body: of the form that the caller names.
    if (row !== undefined) return JSON.parse(row.answer) as T
    const attempt = done.get(leader)
    if (attempt === undefined) return new Error('the work did not answer for every deed')
    return 'kept' in attempt ? attempt.kept : attempt.refused
  })
}

interface Kept {
  readonly owner: string
  readonly key: string
  readonly body: string
  readonly answer: string
}

async function keptAnswers(tx: Database, schema: string, deeds: readonly Deed[]): Promise<ReadonlyMap<string, Kept>> {
  const { rows } = await tx.query<Kept>(
    // By the limit each is looked up by its key: of a young table the planner would rather read the whole.
    `select o.owner, o.key, o.body, o.answer from unnest($1::text[], $2::text[]) as d(owner, key)
     cross join lateral (select * from ${schema}.once o where o.owner = d.owner and o.key = d.key limit 1) o`,
    [deeds.map((deed) => deed.owner), deeds.map((deed) => deed.key)],
    { prepared: true },
  )
  return new Map(rows.map((row) => [nameOf(row), row]))
}

function newRows(
  deeds: readonly Deed[],
  hashes: readonly string[],
  done: ReadonlyMap<number, Attempt<unknown> | undefined>,
): readonly Kept[] {
  const rows: Kept[] = []
  for (const [place, attempt] of done) {
    const [deed, body] = [deeds[place], hashes[place]]
    if (deed === undefined || body === undefined || attempt === undefined || !('kept' in attempt)) continue
    rows.push({ owner: deed.owner, key: deed.key, body, answer: JSON.stringify(attempt.kept) })
  }
  return rows
}

async function keep(tx: Database, schema: string, rows: readonly Kept[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into ${schema}.once (owner, key, body, answer)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as d(owner, key, body, answer) order by owner, key`,
    [
      rows.map((row) => row.owner),
      rows.map((row) => row.key),
      rows.map((row) => row.body),
      rows.map((row) => row.answer),
    ],
    { prepared: true },
  )
}

function nameOf(deed: { readonly owner: string; readonly key: string }): string {
  return JSON.stringify([deed.owner, deed.key])
}

function mismatch(): Failure {
  return new Failure('IDEMPOTENCY_MISMATCH', 'this idempotency key was used before with another body')
}
