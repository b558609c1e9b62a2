import { onceEach } from '../../../platform/db/once-each.js'
import { Failure } from '../../../platform/failure.js'
import type { CommentFact } from '../domain/live-event.js'
import { findComments } from '../store/comments.js'
import type { CommentRow } from '../store/tables.js'
import type { HeldRoom, Written } from './write-room.js'

/** A comment as somebody wants to post it; `offsetMs` is its place in a recorded evening. */
export interface Posting {
  readonly room: string
  readonly member: string
  readonly text: string
  readonly offsetMs: number | null
  /** With a key, asking again gives the same comment. */
  readonly idempotencyKey: string | null
}

/** A posting that bears a key. */
export interface KeyedPosting extends Posting {
  readonly idempotencyKey: string
}

/** A comment that was taken; whether all who watch are shown it is decided by the room's rate. */
export interface PostedComment extends CommentRow {
  readonly shown: boolean
}

/** What came of some postings, one after another, and what is still being written of them. */
export interface Decided {
  readonly verdicts: readonly (PostedComment | Failure)[]
  readonly writing: Promise<unknown>
}

/** What is kept under a key; the words of the comment stand where all comments do. */
interface Kept {
  readonly id: string
  readonly shown: boolean
}

/** Those postings that were posted before get their comment again, also when the room has ended; the others are decided. */
export async function postOnce(
  { tx }: HeldRoom,
  postings: readonly KeyedPosting[],
  decide: (fresh: readonly Posting[]) => Promise<Decided>,
): Promise<Written<readonly (PostedComment | Error)[]>> {
  const taken: PostedComment[] = []
  const deeds = postings.map(({ member, idempotencyKey, ...body }) => {
    return { owner: member, key: `post-comment ${idempotencyKey}`, body }
  })
  const kept = await onceEach<Kept>(tx, 'rooms', deeds, async (places) => {
    const { verdicts, writing } = await decide(places.flatMap((place) => postings[place] ?? []))
    taken.push(...verdicts.filter(isTaken))
    const attempts = verdicts.map((one) =>
      isTaken(one) ? { kept: { id: one.id, shown: one.shown } } : { refused: one },
    )
    return { attempts, writing }
  })
  const byId = new Map<string, CommentRow>(taken.map((one) => [one.id, one]))
  const before = kept.flatMap((one) => (one instanceof Error || byId.has(one.id) ? [] : [one.id]))
  if (before.length > 0) for (const row of await findComments(tx, before)) if (row !== null) byId.set(row.id, row)
  const answers = kept.map((one) => (one instanceof Error ? one : commentOf(one, byId.get(one.id))))
  return { answer: () => answers, facts: factsOf(taken) }
}

function commentOf({ id, shown }: Kept, row: CommentRow | undefined): PostedComment | Error {
  return row === undefined ? new Error(`the comment ${id} was answered before and is gone`) : { ...row, shown }
}

/** Whether a posting bears a key. */
export function isKeyed(posting: Posting): posting is KeyedPosting {
  return posting.idempotencyKey !== null
}

/** Whether a comment was taken. */
export function isTaken(verdict: PostedComment | Failure): verdict is PostedComment {
  return !(verdict instanceof Failure)
}

/** What the log is told of those that were taken. */
export function factsOf(verdicts: Decided['verdicts']): readonly { readonly fact: CommentFact }[] {
  return verdicts.filter(isTaken).map(({ id: comment, member, text, offset_ms: offsetMs, shown }) => {
    return { fact: { kind: 'CommentPosted', comment, member, text, offsetMs, shown } }
  })
}
