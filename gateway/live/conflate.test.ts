import { describe, expect, it } from 'vitest'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.js'
import { Conflation } from './conflate.js'
import { heldCursor } from './cursor.js'
import type { EventReader } from './event-reader.js'

/** Events are `{ at, key }`: those with a key replace each other, four times a second. */
const READER: EventReader = {
  conflates: true,
  cursorOf: ({ data }) => (data as { at: string | null }).at,
  withCursor: (event, told) => ({ data: { ...(event.data as object), told } }),
  replaceable({ data }) {
    const { key } = data as { key?: string }
    return key === undefined ? null : { key, everyMs: 250 }
  },
  isGap: ({ data }) => (data as { gap?: boolean }).gap === true,
}

interface Heard {
  readonly at: string | null
  readonly cursor: string | null
}

function conflation(): { with: Conflation; heard: Heard[]; clock: FakeClock; counted: string[] } {
  const heard: Heard[] = []
  const counted: string[] = []
  const observer: Observer = { ...silent, count: (name) => void counted.push(name) }
  const clock = fakeClock()
  const made = new Conflation(READER, clock, observer, ({ event, cursor }) =>
    heard.push({ at: (event.data as { at: string | null }).at, cursor }),
  )
  made.skipUntil(null, '0')
  return { with: made, heard, clock, counted }
}

function take(on: Conflation, at: number | null, key?: string): void {
  on.take({ data: { at: at === null ? null : String(at), ...(key !== undefined && { key }) } })
}

const places = (heard: readonly Heard[]): unknown[] => heard.map(({ at }) => at)

describe('values that replace each other', () => {
  it('are told at once, then the newest of each key at its pace', async () => {
    const { with: on, heard, clock, counted } = conflation()
    for (let at = 1; at <= 5; at++) take(on, at, 'stock')
    take(on, 6, 'other')
    expect(places(heard)).toEqual(['1', '6'])
    await clock.advance(250)
    expect(places(heard)).toEqual(['1', '6', '5'])
    expect(counted.filter((name) => name === 'live.conflated')).toHaveLength(3)
  })

  it('let what must arrive overtake them, and nothing of it is lost', async () => {
    const { with: on, heard, clock } = conflation()
    take(on, 1, 'stock')
    take(on, 2, 'stock')
    take(on, 3)
    take(on, 4)
    expect(places(heard)).toEqual(['1', '3', '4'])
    await clock.advance(250)
    expect(heard.at(-1)).toEqual({ at: '2', cursor: '4' })
  })

  it('that have no cursor are held back too', async () => {
    const { with: on, heard, clock } = conflation()
    for (let at = 0; at < 3; at++) take(on, null, 'likes')
    expect(heard).toHaveLength(1)
    await clock.advance(250)
    expect(heard).toHaveLength(2)
  })

  it('are all told before an end', () => {
    const { with: on, heard } = conflation()
    for (const at of [1, 2, 3]) take(on, at, 'stock')
    on.flush()
    expect(places(heard)).toEqual(['1', '3'])
  })
})

describe('R23 whoever goes on from a cursor that was told while a value was held back', () => {
  it('hears that value, and nothing that must arrive a second time', async () => {
    const first = conflation()
    take(first.with, 1, 'stock')
    take(first.with, 2, 'stock')
    take(first.with, 3)
    const left = heldCursor(first.heard.at(-1)?.cursor ?? '')
    expect(left).toEqual({ told: '3', from: '1' })
    const second = conflation()
    second.with.skipUntil('3', '1')
    take(second.with, 2, 'stock')
    take(second.with, 3)
    take(second.with, 4)
    await second.clock.advance(250)
    expect(second.heard).toEqual([
      { at: '2', cursor: '3' },
      { at: '4', cursor: '4' },
    ])
  })

  it('is told of a gap, and goes on where the log goes on', async () => {
    const { with: on, heard, clock } = conflation()
    on.skipUntil('3', '1')
    on.take({ data: { at: '2', gap: true } })
    take(on, 5)
    await clock.advance(250)
    expect(places(heard)).toEqual(['2', '5'])
  })
})
