import { describe, expect, it } from 'vitest'
import { History } from './history.js'
import { SharedAnswer } from './shared-answer.js'

function history(start: string | null, events: number, { historyEvents = 10, historyBytes = 1_000 } = {}): History {
  const made = new History(start, { historyEvents, historyBytes })
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
})
