import type { Database } from '../../../platform/db/database.js'
import { membersEvent, type MerchantBound } from '../../../schema/events/members.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'

/** The copy that a subgraph keeps of which merchants act for which sellers, for one of its migrations. */
export function ACTING_TABLE(schema: string): string {
  return `create table ${schema}.acting_for (
    member text primary key,
    version bigint not null,
    sellers text[] not null
  );`
}

/** Keeps the newest of what members told of merchants; runs in the consumer's transaction. */
export async function keepActing(tx: Database, schema: string, told: readonly unknown[]): Promise<void> {
  const newest = new Map<string, MerchantBound>()
  for (const event of told.map(membersEvent)) {
    if (event?.kind !== 'members.merchantBound') continue
    if ((newest.get(event.member)?.version ?? 0) < event.version) newest.set(event.member, event)
  }
  for (const { member, version, sellers } of newest.values())
    await tx.query(
      `insert into ${schema}.acting_for as kept (member, version, sellers) values ($1, $2, $3::text[])
       on conflict (member) do update set version = excluded.version, sellers = excluded.sellers where kept.version < excluded.version`,
      [member, version, sellers],
    )
}

/** Whether the asker acts for whoever sells here, because it runs the shop itself. */
export function actsForAll(who: Identity): boolean {
  return who.roles.includes('operator')
}

/** The sellers that a merchant acts for; nobody's for everybody else. */
export async function sellersOf(db: Database, schema: string, who: Identity): Promise<readonly string[]> {
  if (who.member === null || !who.roles.includes('merchant')) return []
  const { rows } = await db.query<{ readonly sellers: readonly string[] }>(
    `select sellers from ${schema}.acting_for where member = $1`,
    [who.member],
  )
  return rows[0]?.sellers ?? []
}

/** Refuses a merchant who does not act for all of these sellers. Operators act for each. */
export async function needSellers(
  db: Database,
  schema: string,
  { who, sellers }: { readonly who: Identity; readonly sellers: readonly string[] },
): Promise<void> {
  if (actsForAll(who)) return
  const own = await sellersOf(db, schema, who)
  const foreign = sellers.find((seller) => !own.includes(seller))
  if (foreign !== undefined) throw refuse('FORBIDDEN', `you do not act for the seller ${foreign}`)
}
