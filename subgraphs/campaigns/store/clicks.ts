import type { Database } from '../../../platform/db/database.js'
import type { Purchase } from '../domain/purchase.js'

/** A click to be written: who came is kept as salted hashes and a chance number of our own cookie. */
export interface NewClick {
  readonly key: string
  readonly link: string
  readonly visitor: string
  readonly addressHash: string
  readonly agentHash: string
  readonly bot: boolean
}

/** A click that decides whose a purchase is. */
export interface DecidingClick {
  readonly line: string
  readonly click: string
  readonly link: string
  readonly campaign: string
  readonly influencer: string
}

/** What proves an attribution. */
export interface Evidence {
  readonly clickAt: Date
  readonly addressHash: string
  readonly agentHash: string
}

/**
 * Clicks of one moment, in one statement: written, and those of people counted on their links. Gives the moment, by the
 * database's clock. Links are held in the order of ids: two batches of two processes never wait for each other in a ring.
 */
export async function insertClicks(db: Database, clicks: readonly NewClick[]): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>(
    `with come as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
         as come (key, link, visitor, address_hash, agent_hash, bot)),
     held as (select id, campaign, product from campaigns.link where id = any($2) order by id for no key update),
     put as (
       insert into campaigns.click (key, link, campaign, product, visitor, at, address_hash, agent_hash, bot)
       select key, link, campaign, product, visitor, now(), address_hash, agent_hash, bot
       from come join held on held.id = come.link),
     counted as (
       update campaigns.link l set clicks = l.clicks + people.clicks
       from (select link, count(*)::int as clicks from come join held on held.id = come.link where not bot group by link) people
       where l.id = people.link)
     select now()::timestamptz(3) as at`,
    [
      clicks.map((click) => click.key),
      clicks.map((click) => click.link),
      clicks.map((click) => click.visitor),
      clicks.map((click) => click.addressHash),
      clicks.map((click) => click.agentHash),
      clicks.map((click) => click.bot),
    ],
  )
  const [row] = rows
  if (row === undefined) throw new Error('writing clicks gave no time')
  return row.at
}

/**
 * The rule of `domain/attribution.ts` for many purchases at once. The click that the order named tells visitor and campaign;
 * his last click on a link to that product decides. The named click stands before the purchase even if two clocks differ.
 */
export async function decidingClicks(db: Database, purchases: readonly Purchase[]): Promise<readonly DecidingClick[]> {
  if (purchases.length === 0) return []
  const { rows } = await db.query<DecidingClick>(
    `select asked.line, decided.key as click, decided.link, l.campaign, l.influencer
     from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as asked (line, click, product, placed_at)
     join campaigns.click named on named.key = asked.click
     join campaigns.campaign c on c.id = named.campaign
       and asked.placed_at >= c.opens_at and asked.placed_at < c.closes_at
     cross join lateral (
       select k.key, k.link from campaigns.click k
       where k.visitor = named.visitor and k.campaign = named.campaign and k.product = asked.product and not k.bot
         and k.at <= greatest(asked.placed_at, named.at)
         and k.at >= greatest(c.opens_at, asked.placed_at - make_interval(hours => c.window_hours))
       order by k.at desc, k.key desc limit 1) decided
     join campaigns.link l on l.id = decided.link`,
    [
      purchases.map((purchase) => purchase.line),
      purchases.map((purchase) => purchase.click),
      purchases.map((purchase) => purchase.product),
      purchases.map((purchase) => purchase.placedAt),
    ],
  )
  return rows
}

/** What is kept of each click as evidence, in the order of the keys. */
export async function findEvidence(db: Database, keys: readonly string[]): Promise<readonly (Evidence | null)[]> {
  const { rows } = await db.query<Evidence & { key: string }>(
    `select key, at as "clickAt", address_hash as "addressHash", agent_hash as "agentHash"
     from campaigns.click where key = any($1)`,
    [keys],
  )
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => byKey.get(key) ?? null)
}
