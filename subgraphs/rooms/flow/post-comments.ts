import { batcher } from '../../../platform/batch.js'
import { Failure } from '../../../platform/failure.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { counted, sampled, type RateCount } from '../domain/comment-rate.js'
import { commentText } from '../domain/comment.js'
import type { CommentFact } from '../domain/live-event.js'
import { needLive } from '../domain/room.js'
import { findCounts, findMuted, insertComments, saveCounts } from '../store/comments.js'
import { grouped } from '../store/grouped.js'
import type { CommentRow } from '../store/tables.js'
import { pickId } from './pick-id.js'
import type { Workplace } from './workplace.js'
import { writeRoom, type HeldRoom, type Written } from './write-room.js'

/** A comment as somebody wants to post it; `offsetMs` is its place in a recorded evening. */
export interface Posting {
  readonly room: string
  readonly member: string
  readonly text: string
  readonly offsetMs: number | null
}

/** A comment that was taken; whether all who watch are shown it is decided by the room's rate. */
export interface PostedComment extends CommentRow {
  readonly shown: boolean
}

/** Takes comments, many at a time. */
export interface CommentPoster {
  post(who: Identity, posting: { room: string; text: string; offsetMs: number | null }): Promise<PostedComment>
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
    post: (who, { room, text, offsetMs }) =>
      gathered.ask({ room, member: memberOf(who), text: commentText(text), offsetMs }),
    drain: () => gathered.drain(),
  }
}

/** One room's trouble is not another's: each is a transaction of its own, and its failure the answer to its own comments. */
async function postAll(on: Workplace, postings: readonly Posting[]): Promise<readonly (PostedComment | Error)[]> {
  const answers = new Map<Posting, PostedComment | Error>()
  const byRoom = grouped(postings, (posting) => posting.room)
  await Promise.all(
    [...byRoom].map(async ([room, its]) => {
      const verdicts = await writeRoom(on, room, (held) => postInRoom(on, held, its)).catch((error: unknown) =>
        its.map(() => asError(error)),
      )
      its.forEach((posting, nth) => answers.set(posting, verdicts[nth] ?? new Error('a comment was left unanswered')))
    }),
  )
  return postings.map((posting) => answers.get(posting) ?? new Error('a comment was left unanswered'))
}

async function postInRoom(
  on: Workplace,
  held: HeldRoom,
  postings: readonly Posting[],
): Promise<Written<readonly (PostedComment | Error)[]>> {
  needLive(held.room.state)
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
  const rows = verdicts.filter((one): one is PostedComment => !(one instanceof Failure))
  const answer = (): typeof verdicts => verdicts
  if (rows.length === 0) return { answer }
  await insertComments(held.tx, rows)
  await saveCounts(held.tx, held.room.id, counts)
  return { answer, facts: rows.map((row) => ({ fact: factOf(row) })) }
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

function factOf({ id: comment, member, text, offset_ms: offsetMs, shown }: PostedComment): CommentFact {
  return { kind: 'CommentPosted', comment, member, text, offsetMs, shown }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('a comment could not be posted', { cause: error })
}
