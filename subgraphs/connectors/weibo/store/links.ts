import type { Database } from '../../../../platform/db/database.js'
import type { LinkTaken } from '../../../../schema/events/campaigns.js'

/** Our copy of an influencer's link. */
export type LinkCopy = Pick<LinkTaken, 'link' | 'campaign' | 'influencer' | 'url'>

/** Keeps what campaigns told of links; they never change. */
export async function keepLinks(tx: Database, links: readonly LinkCopy[]): Promise<void> {
  if (links.length === 0) return
  await tx.query(
    `insert into weibo.link (link, campaign, influencer, url)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) on conflict do nothing`,
    [
      links.map((it) => it.link),
      links.map((it) => it.campaign),
      links.map((it) => it.influencer),
      links.map((it) => it.url),
    ],
  )
}

/** One row or null for each link, in the order of the links. */
export async function findLinkCopies(db: Database, links: readonly string[]): Promise<readonly (LinkCopy | null)[]> {
  const { rows } = await db.query<LinkCopy>(
    'select link, campaign, influencer, url from weibo.link where link = any($1)',
    [links],
  )
  const byLink = new Map(rows.map((row) => [row.link, row]))
  return links.map((link) => byLink.get(link) ?? null)
}
