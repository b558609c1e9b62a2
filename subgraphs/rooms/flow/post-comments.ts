import { batcher } from '../../../platform/batch.js'
import type { MaybeKeyed } from '../../../platform/db/once.js'
import { isDuplicate } from '../../../platform/db/statement-error.js'
import type { Failure } from '../../../platform/failure.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { counted, sampled, type RateCount } from '../domain/comment-rate.js'
import { commentText } from '../domain/comment.js'
import { notLive } from '../domain/room.js'
import { findCounts, findMuted, insertComments, saveCounts } from '../store/comments.js'
import { grouped } from '../store/grouped.js'
import type { CommentRow } from '../store/tables.js'
import { pickId } from './pick-id.js'
import { factsOf, isKeyed, isTaken, postOnce, type Decided, type PostedComment, type Posting } from './post-once.js'
import type { Workplace } from './workplace.js'
import { writeRoom, type HeldRoom, type Written } from './write-room.js'

/** Takes comments, many at a time. */
export interface CommentPoster {
  post(who: Identity, posting: Omit<Posting, 'member' | 'idempotencyKey'> & MaybeKeyed): Promise<PostedComment>
  drain(): Promise<void>
}

/** Comments that travel in one statement, how long the first waits for company, and how many may wait at all. */
const BATCH = { most: 500, waitMs: 2, limit: 20_000 } as const
/** Under this name, which no member has, the comments are counted that the whole room was shown. */
const WHOLE_ROOM = ''

/** check the text -> gather -> one transaction per room -> each caller is answered after the commit. */
export function commentPoster(on: Workplace): CommentPoster {
  const gathered = batcher<Posting, PostedComment>({
    clock: on.clock,
    observer: on.observer,
    name: 'rooms.comments',
    ...BATCH,
    run: (postings) => postAll(on, postings),
  })
  return {
    post: (who, { room, text, offsetMs, idempotencyKey = null }) =>
      gathered.ask({ room, member: memberOf(who), text: commentText(text), offsetMs, idempotencyKey }),
    drain: () => gathered.drain(),
  }
}

/** One room's trouble is not another's: each is a transaction of its own, and its failure the answer to its own comments. */
async function postAll(on: Workplace, postings: readonly Posting[]): Promise<readonly (PostedComment | Error)[]> {
  const answers = new Map<Posting, PostedComment | Error>()
  const byRoom = grouped(
    postings,
    ({ room, idempotencyKey }) => `${idempotencyKey === null ? 'plain' : 'keyed'} ${room}`,
  )
  await Promise.all(
    [...byRoom.values()].map(async (its) => {
      const verdicts = await postInRoom(on, its).catch((error: unknown) => its.map(() => asError(error)))
      its.forEach((posting, nth) => answers.set(posting, verdicts[nth] ?? new Error('a comment was left unanswered')))
    }),
  )
  return postings.map((posting) => answers.get(posting) ?? new Error('a comment was left unanswered'))
}

/** Comments of one room, all of them with a key or none. */
async function postInRoom(on: Workplace, postings: readonly Posting[]): Promise<readonly (PostedComment | Error)[]> {
  const room = postings[0]?.room ?? ''
  const keyed = postings.filter(isKeyed)
  if (keyed.length === 0) return writeRoom(on, room, async (held) => written(await decide(on, held, postings)))
  const post = () => writeRoom(on, room, (held) => postOnce(held, keyed, (fresh) => decide(on, held, fresh)))
  // The same key was used in another room at this moment: what that one kept is found now.
  return post().catch((error: unknown) => (isDuplicate(error) ? post() : Promise.reject(asError(error))))
}

async function written({ verdicts, writing }: Decided): Promise<Written<Decided['verdicts']>> {
  await writing
  return { answer: () => verdicts, facts: factsOf(verdicts) }
}

async function decide(on: Workplace, held: HeldRoom, postings: readonly Posting[]): Promise<Decided> {
  const { state } = held.room
  if (state !== 'LIVE') return { verdicts: postings.map(() => notLive(state)), writing: Promise.resolve() }
  const members = [...new Set(postings.map((posting) => posting.member))]
  const muted = await findMuted(held.tx, held.room.id, members)
  const counts = new Map(await findCounts(held.tx, held.room.id, [...members, WHOLE_ROOM]))
  let seq = held.room.seq
  const verdicts = postings.map((posting): PostedComment | Failure => {
    const refused = whyNot(held, posting.member, { muted, counts })
    if (refused !== null) return refused
    const shown = isShown(held, counts)
    return { ...rowOf(posting, held.at), id: pickId(on, 'Comment'), seq: ++seq, shown }
  })
  return { verdicts, writing: write(held, verdicts, counts) }
}

async function write(
  { tx, room }: HeldRoom,
  verdicts: Decided['verdicts'],
  counts: ReadonlyMap<string, RateCount>,
): Promise<void> {
  const rows = verdicts.filter(isTaken)
  if (rows.length === 0) return
  await insertComments(tx, rows)
  await saveCounts(tx, room.id, counts)
}

/** Counts the comment when it may be posted, else says why it may not. */
function whyNot(
  { room, at }: HeldRoom,
  member: string,
  known: { readonly muted: ReadonlySet<string>; readonly counts: Map<string, RateCount> },
): Failure | null {
  if (known.muted.has(member)) return refuse('MUTED', 'this member may not comment in this room')
  const own = counted(known.counts.get(member) ?? null, at, room.comments_per_member)
  if (own === null) {
    const perMinute = room.comments_per_member
    return refuse('COMMENT_RATE', `the member has had ${perMinute} comments in this minute`, { details: { perMinute } })
  }
  known.counts.set(member, own)
  return null
}

/** Beyond the room's rate comments are taken and written down, and not shown: a crowd can read only so many. */
function isShown({ room, at }: HeldRoom, counts: Map<string, RateCount>): boolean {
  const all = sampled(counts.get(WHOLE_ROOM) ?? null, at, room.comments_per_minute)
  if (all !== null) counts.set(WHOLE_ROOM, all)
  return all !== null
}

function rowOf(posting: Posting, at: Date): Omit<CommentRow, 'id' | 'seq'> {
  return { room: posting.room, member: posting.member, text: posting.text, offset_ms: posting.offsetMs, at }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('a comment could not be posted', { cause: error })
}
