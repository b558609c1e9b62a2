import type { Database } from '../../../platform/db/database.js'
import type { PlusChanged } from '../../../schema/events/members.js'

/** Keeps how long members have PLUS: it only ever grows, so that the latest end is the newest. */
export async function keepPlus(tx: Database, told: readonly PlusChanged[]): Promise<void> {
  await tx.query(
    `insert into orders.plus as p (member, until)
     select member, max(until) from jsonb_to_recordset($1::jsonb) as x(member text, until timestamptz)
     group by member order by member
     on conflict (member) do update set until = greatest(p.until, excluded.until)`,
    [JSON.stringify(told)],
  )
}

/** Which of these have PLUS at the time. */
export async function havePlus(db: Database, members: readonly string[], at: Date): Promise<ReadonlySet<string>> {
  if (members.length === 0) return new Set()
  const { rows } = await db.query<{ readonly member: string }>(
    'select member from orders.plus where member = any($1::text[]) and until > $2',
    [members, at],
    { prepared: true },
  )
  return new Set(rows.map((row) => row.member))
}
