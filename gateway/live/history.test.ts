import { describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/time/clock.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { History } from './history.js'
import { SharedAnswer } from './shared-answer.js'

function history(
  start: string | null,
  events: number,
  { historyEvents = 10, historyBytes = 1_000, clock = systemClock } = {},
): History {
  const made = new History(start, { historyEvents, historyBytes, historyMs: 60_000 }, clock)
  for (let at = 1; at <= events; at++) made.add(String(at), new SharedAnswer(`event ${at}`))
  return made
}

const bodies = (made: History, cursor: string): readonly string[] | undefined =>
  made.since(cursor)?.map(({ body }) => body)

describe('a history', () => {
  it('gives what came after a cursor, in order', () => {
    expect(bodies(history(null, 3), '1')).toEqual(['event 2', 'event 3'])
    expect(bodies(history(null, 3), '3')).toEqual([])
  })

  it('knows the cursor that it began with', () => {
    expect(bodies(history('0', 2), '0')).toEqual(['event 1', 'event 2'])
    expect(bodies(history('0', 0), '0')).toEqual([])
  })

  it('does not guess at a cursor that it never saw', () => {
    expect(bodies(history(null, 3), '0')).toBeUndefined()
    expect(bodies(history('0', 3), 'other')).toBeUndefined()
  })

  it('keeps a bounded number of events and bytes, and still knows the last cursor that it let go', () => {
    const few = history('0', 20, { historyEvents: 3 })
    expect(bodies(few, '17')).toEqual(['event 18', 'event 19', 'event 20'])
    expect(bodies(few, '16')).toBeUndefined()
    expect(bodies(history('0', 20, { historyBytes: 20 }), '19')).toEqual(['event 20'])
  })

  it('keeps events for a while only', async () => {
    const clock = fakeClock()
    const made = history('0', 2, { clock })
    await clock.advance(60_000)
    made.add('3', new SharedAnswer('event 3'))
    expect(bodies(made, '0')).toEqual(['event 1', 'event 2', 'event 3'])
    await clock.advance(1)
    expect([bodies(made, '0'), bodies(made, '2')]).toEqual([undefined, ['event 3']])
  })

  it('knows a place by the cursor that was told there, and by the event’s own', () => {
    const made = history('0', 1)
    made.add('~2~1', new SharedAnswer('event 2'), '2')
    made.add('2', new SharedAnswer('held back'))
    expect([bodies(made, '~2~1'), bodies(made, '2')]).toEqual([['held back'], []])
  })
})
