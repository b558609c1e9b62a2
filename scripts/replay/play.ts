import { pause, type Clock } from '../../platform/time/clock.js'
import type { RecordedComment } from '../bilibili/read-comments.js'

/** How a recording is played: `speed` 2 is twice as fast as it was, 0 as fast as the room takes it. */
export interface Playing {
  readonly clock: Clock
  readonly speed: number
  /** Sends one; gives the code of a refusal. */
  readonly post: (comment: RecordedComment) => Promise<string | null>
  readonly heard: () => void
}

/** How many were taken, and how many were refused under which code. */
export interface PlayReport {
  readonly taken: number
  readonly refused: ReadonlyMap<string, number>
}

/** The room is over, or was never there: nothing more will be taken. */
const ENDS: ReadonlySet<string> = new Set(['ROOM_NOT_LIVE', 'NOT_FOUND'])
const BUSY_PAUSE_MS = 200

/**
 * Each comment at its time and after the answer to the one before, so that the room has them in the order of the recording; what
 * came before the start is sent at once. A room that is slower than the recording is not overrun: the rest comes later.
 */
export async function play(
  comments: readonly RecordedComment[],
  { clock, speed, post, heard }: Playing,
): Promise<PlayReport> {
  const refused = new Map<string, number>()
  const start = clock.monotonicMs()
  let taken = 0
  for (const comment of comments) {
    const waitMs = speed === 0 ? 0 : start + comment.offsetMs / speed - clock.monotonicMs()
    if (waitMs > 0) await pause(clock, waitMs)
    const code = await patiently(clock, () => post(comment))
    if (code === null) taken++
    else refused.set(code, (refused.get(code) ?? 0) + 1)
    heard()
    if (code !== null && ENDS.has(code)) break
  }
  return { taken, refused }
}

/** A shop that has too much to do is asked again after a while. */
async function patiently(clock: Clock, post: () => Promise<string | null>): Promise<string | null> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const code = await post()
    if (code !== 'BUSY') return code
    await pause(clock, BUSY_PAUSE_MS)
  }
  return 'BUSY'
}
