import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.js'
import type { RecordedComment } from '../bilibili/read-comments.js'
import { play, type PlayReport } from './play.js'

const comments: readonly RecordedComment[] = [-5000, -1, 0, 2000, 6000].map((offsetMs) => ({
  offsetMs,
  user: 'u',
  text: String(offsetMs),
}))

/** Plays and writes down what was posted when; `answers` are the codes of refusals by text. */
function playing(
  speed: number,
  answers: Readonly<Record<string, string>> = {},
): { clock: ReturnType<typeof fakeClock>; posted: string[]; report: Promise<PlayReport> } {
  const clock = fakeClock()
  const posted: string[] = []
  const post = ({ text }: RecordedComment): Promise<string | null> => {
    posted.push(`${text} at ${clock.monotonicMs()}`)
    return Promise.resolve(answers[text] ?? null)
  }
  return { clock, posted, report: play(comments, { clock, speed, post, heard: () => undefined }) }
}

describe('a recording that is played', () => {
  it('keeps its timing, and what came before the start is sent at once', async () => {
    const { clock, posted, report } = playing(1)
    await clock.advance(10_000)
    expect((await report).taken).toBe(5)
    expect(posted).toEqual(['-5000 at 0', '-1 at 0', '0 at 0', '2000 at 2000', '6000 at 6000'])
  })

  it('runs faster when it is told to', async () => {
    const { clock, posted } = playing(4)
    await clock.advance(10_000)
    expect(posted.at(-1)).toBe('6000 at 1500')
  })

  it('does not wait at all at speed 0', async () => {
    const { posted, report } = playing(0)
    await report
    expect(posted).toHaveLength(5)
  })

  it('counts refusals by their code and goes on', async () => {
    const { report } = playing(0, { '-1': 'COMMENT_BLANK', '0': 'COMMENT_RATE', '2000': 'COMMENT_BLANK' })
    const { taken, refused } = await report
    expect([taken, [...refused]]).toEqual([2, [['COMMENT_BLANK', 2], ['COMMENT_RATE', 1]]]) // prettier-ignore
  })

  it('ends with the room', async () => {
    const { posted, report } = playing(0, { '0': 'ROOM_NOT_LIVE' })
    await report
    expect(posted).toHaveLength(3)
  })
})
