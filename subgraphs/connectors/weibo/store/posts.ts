import type { Database } from '../../../../platform/db/database.js'
import type { Figures } from '../translate.js'

/** How far a post has come; a post that is GONE was deleted there. */
export const POST_STATES = ['WAITING', 'DELAYED', 'POSTED', 'REFUSED', 'GONE'] as const
export type PostState = (typeof POST_STATES)[number]

/** A post of ours, and its figures as they were last told. */
export interface PostRow {
  readonly id: string
  readonly link: string
  readonly member: string
  readonly text: string
  readonly status: PostState
  readonly reason: string | null
  /** How often it was sent: from the second time on it may be there already. */
  readonly tries: number
  /** How often it was looked for after it had been sent. */
  readonly looks: number
  readonly mid: string | null
  readonly reposts: number
  readonly comments: number
  readonly likes: number
  readonly countedAt: Date | null
  readonly createdAt: Date
}

const COLUMNS = `id, link, member, text, status, reason, tries, looks, mid, reposts, comments, likes, counted_at as "countedAt",
  created_at as "createdAt"`

/** Writes a post that waits to be sent. One that was refused waits again; any other stays as it is. */
export async function putPost(
  tx: Database,
  post: Pick<PostRow, 'id' | 'link' | 'member' | 'text' | 'createdAt'>,
): Promise<PostRow> {
  const { rows } = await tx.query<PostRow>(
    `insert into weibo.post (id, link, member, text, status, created_at) values ($1, $2, $3, $4, 'WAITING', $5)
     on conflict (id) do update set reason = case post.status when 'REFUSED' then null else post.reason end,
       status = case post.status when 'REFUSED' then 'WAITING' else post.status end
     returning ${COLUMNS}`,
    [post.id, post.link, post.member, post.text, post.createdAt],
  )
  const [row] = rows
  if (row === undefined) throw new Error('putting a post gave no post')
  return row
}

/** One row or null for each id, in the order of the ids. */
export async function findPosts(db: Database, ids: readonly string[]): Promise<readonly (PostRow | null)[]> {
  const { rows } = await db.query<PostRow>(`select ${COLUMNS} from weibo.post where id = any($1)`, [ids])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The posts of each link, oldest first, in the order of the links. */
export async function postsOf(db: Database, links: readonly string[]): Promise<readonly (readonly PostRow[])[]> {
  const { rows } = await db.query<PostRow>(
    `select ${COLUMNS} from weibo.post where link = any($1) order by created_at, id`,
    [links],
  )
  return links.map((link) => rows.filter((row) => row.link === link))
}

/** Before a post is sent: should we die now, the next try knows that it may be there. */
export async function markSent(db: Database, id: string): Promise<void> {
  await db.query('update weibo.post set tries = tries + 1 where id = $1', [id])
}

/** The network refused before doing anything: the next try need not look first. */
export async function unmarkSent(db: Database, id: string): Promise<void> {
  await db.query('update weibo.post set tries = greatest(tries - 1, 0) where id = $1', [id])
}

/** Counts a look for a post that cannot be seen yet. */
export async function markDelayed(db: Database, id: string): Promise<void> {
  await db.query(`update weibo.post set status = 'DELAYED', looks = looks + 1 where id = $1`, [id])
}

/** The post is there. Where another of ours has this number already, the look was mistaken, and false is given. */
export async function markPosted(db: Database, id: string, mid: string): Promise<boolean> {
  const { count } = await db.query(
    `update weibo.post set status = 'POSTED', mid = $2, reason = null
     where id = $1 and not exists (select 1 from weibo.post other where other.mid = $2 and other.id <> $1)`,
    [id, mid],
  )
  return count === 1
}

export async function markRefused(db: Database, id: string, reason: string): Promise<void> {
  await db.query(`update weibo.post set status = 'REFUSED', reason = $2 where id = $1`, [id, reason])
}

/** The numbers of posts to be counted, in their order, after one of them. */
export async function midsAfter(db: Database, after: string, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ mid: string }>('select mid from weibo.post where mid > $1 order by mid limit $2', [
    after,
    limit,
  ])
  return rows.map(({ mid }) => mid)
}

export async function countMids(db: Database): Promise<number> {
  const { rows } = await db.query<{ posts: number }>(
    'select count(*)::int as posts from weibo.post where mid is not null',
  )
  return rows[0]?.posts ?? 0
}

/** Figures as told; a figure may go down, since comments are deleted. A post that was thought to be gone is there again. */
export async function saveFigures(tx: Database, found: readonly Figures[], at: Date): Promise<void> {
  if (found.length === 0) return
  await tx.query(
    `update weibo.post p set reposts = told.reposts, comments = told.comments, likes = told.likes, counted_at = $5,
       missed = 0, status = 'POSTED'
     from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as told (mid, reposts, comments, likes)
     where p.mid = told.mid`,
    [
      found.map((it) => it.mid),
      found.map((it) => it.reposts),
      found.map((it) => it.comments),
      found.map((it) => it.likes),
      at,
    ],
  )
}

/** Posts left out of an answer keep their figures; after so many times in a row they are taken to be deleted. */
export async function markMissed(tx: Database, mids: readonly string[], most: number): Promise<void> {
  if (mids.length === 0) return
  await tx.query(
    `update weibo.post set missed = missed + 1, status = case when missed + 1 >= $2 then 'GONE' else status end
     where mid = any($1)`,
    [mids, most],
  )
}
