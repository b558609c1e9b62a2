import type { Database } from '../../platform/db/database.js'
import type { Ground } from '../host/subgraph.js'
import type { Errand } from './connector.js'

/**
 * What errands are timed by: the database, the same for every process. A process whose own clock jumps neither hastens
 * nor delays what is due.
 */
export type Timed = Pick<Ground, 'databaseTime'>

/** An errand taken to be done; `round` says which asking it answers, `tries` how often it has been begun since then. */
export interface TakenErrand extends Errand {
  readonly round: number
  readonly tries: number
}

/**
 * How long a taken errand is nobody else's, unless its process says that it is still at it: what a killed process had
 * waits no longer than this, and a long errand is not begun by a second process.
 */
const LEASE_MS = 10_000
/** How often a process says so. */
export const RENEW_MS = 3_000

const MS = `interval '1 millisecond'`

/** Writes errands in the caller's transaction. One that waits already is asked anew, and never later than it was due. */
export async function putErrands(
  tx: Database,
  schema: string,
  { errands, ground }: { errands: readonly Errand[]; ground: Timed },
): Promise<void> {
  const newest = [...new Map(errands.map((errand) => [`${errand.kind} ${errand.key}`, errand])).values()]
  if (newest.length === 0) return
  await tx.query(
    `insert into ${schema}.errand (kind, key, body, due_at)
     select kind, key, body::jsonb, ${theTime(5)} + in_ms * ${MS}
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as asked (kind, key, body, in_ms)
     order by kind, key
     on conflict (kind, key) do update set
       body = excluded.body, round = errand.round + 1, tries = 0, stuck = null,
       due_at = least(errand.due_at, excluded.due_at)`,
    [
      newest.map((errand) => errand.kind),
      newest.map((errand) => errand.key),
      newest.map((errand) => JSON.stringify(errand.body)),
      newest.map((errand) => errand.inMs ?? 0),
      timeOf(ground),
    ],
  )
}

/** Takes what is due, oldest first, for this process alone; never what it has in hand, though the lease of that be over. */
export async function takeErrands(
  db: Database,
  schema: string,
  { most, ground, inHand }: { most: number; ground: Timed; inHand: readonly TakenErrand[] },
): Promise<readonly TakenErrand[]> {
  const { rows } = await db.query<TakenErrand>(
    `update ${schema}.errand set leased_until = ${theTime(1)} + $2 * ${MS}, tries = tries + 1
     where (kind, key) in (
       select kind, key from ${schema}.errand
       where stuck is null and due_at <= ${theTime(1)} and (leased_until is null or leased_until <= ${theTime(1)})
         and (kind, key) not in (select * from unnest($4::text[], $5::text[]))
       order by due_at limit $3 for update skip locked)
     returning kind, key, body, round, tries`,
    [timeOf(ground), LEASE_MS, most, inHand.map(({ kind }) => kind), inHand.map(({ key }) => key)],
  )
  return rows
}

/** Says that taken errands are still being done. */
export async function renewErrands(
  db: Database,
  schema: string,
  { errands, ground }: { errands: readonly TakenErrand[]; ground: Timed },
): Promise<void> {
  await db.query(
    `update ${schema}.errand set leased_until = ${theTime(3)} + $4 * ${MS} from unnest($1::text[], $2::text[]) as held (kind, key)
     where errand.kind = held.kind and errand.key = held.key and errand.leased_until is not null`,
    [errands.map(({ kind }) => kind), errands.map(({ key }) => key), timeOf(ground), LEASE_MS],
  )
}

/** Strikes out an errand that is done, unless it has been asked anew meanwhile: then it is due again. */
export async function endErrand(db: Database, schema: string, errand: TakenErrand): Promise<void> {
  await db.transaction(async (tx) => {
    const key = [errand.kind, errand.key, errand.round]
    await tx.query(`delete from ${schema}.errand where kind = $1 and key = $2 and round = $3`, key)
    await tx.query(`update ${schema}.errand set leased_until = null where kind = $1 and key = $2 and round <> $3`, key)
  })
}

/** Gives an errand back to be taken again after a while; one that was asked anew meanwhile is due as it was asked. */
export async function returnErrand(
  db: Database,
  schema: string,
  { errand, inMs, ground }: { errand: TakenErrand; inMs: number; ground: Timed },
): Promise<void> {
  await db.query(
    `update ${schema}.errand
     set leased_until = null, due_at = case when round = $3 then ${theTime(4)} + $5 * ${MS} else due_at end
     where kind = $1 and key = $2`,
    [errand.kind, errand.key, errand.round, timeOf(ground), inMs],
  )
}

/** Leaves an errand lying with the reason, until it is asked anew. */
export async function stickErrand(db: Database, schema: string, errand: TakenErrand, reason: string): Promise<void> {
  await db.query(
    `update ${schema}.errand set leased_until = null, stuck = case when round = $3 then $4 end where kind = $1 and key = $2`,
    [errand.kind, errand.key, errand.round, reason],
  )
}

/** The time in a statement: its transaction's own (which an index can be asked with), or what a test hands in. */
function theTime(parameter: number): string {
  return `coalesce($${parameter}::timestamptz, now())`
}

function timeOf({ databaseTime }: Timed): Date | null {
  return databaseTime?.() ?? null
}

/** A time so many milliseconds after another. */
export function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms)
}
