import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.js'
import { overWindows, WindowTooLong } from './windows.js'

const MINUTE = 60_000
const settings = { longestMs: 60 * MINUTE, overlapMs: 5 * MINUTE, backMs: 120 * MINUTE }

/** Polls until there is no more; gives the spans asked for as minutes before now, and the place. */
async function swept(since: ReturnType<typeof overWindows>, cursor: string | null): Promise<string> {
  let place = cursor
  for (let turn = 0; turn < 100; turn++) {
    const found = await since(place)
    place = found.cursor
    if (!found.more) return place
  }
  return expect.unreachable('it never caught up')
}

describe('a sweep over windows', () => {
  it('goes span by span without a gap up to now, and the next one reaches back', async () => {
    const clock = fakeClock('2026-11-11T12:00:00Z')
    const asked: string[] = []
    const since = overWindows(settings, clock, ({ from, to }) => {
      asked.push(`${from.toISOString().slice(11, 16)}-${to.toISOString().slice(11, 16)}`)
      return Promise.resolve({ facts: [], after: null })
    })
    const place = await swept(since, null)
    await clock.advance(MINUTE)
    await swept(since, place)
    expect(asked).toEqual(['10:00-11:00', '11:00-12:00', '11:55-12:01'])
  })

  it('goes on at the page where it was killed', async () => {
    const clock = fakeClock('2026-11-11T12:00:00Z')
    const pages: (string | null)[] = []
    const ask = ({ after }: { readonly after: string | null }) => {
      pages.push(after)
      return Promise.resolve({ facts: [], after: after === null ? 'second' : null })
    }
    const { cursor, more } = await overWindows(settings, clock, ask)(null)
    await overWindows(settings, clock, ask)(cursor)
    expect([more, pages]).toEqual([true, [null, 'second']])
  })

  it('shrinks its spans when the partner wants shorter ones, and still leaves no gap', async () => {
    const clock = fakeClock('2026-11-11T12:00:00Z')
    const spans: { from: number; to: number }[] = []
    const since = overWindows(settings, clock, ({ from, to }) => {
      if (to.getTime() - from.getTime() > 10 * MINUTE) return Promise.reject(new WindowTooLong('campaign'))
      spans.push({ from: from.getTime(), to: to.getTime() })
      return Promise.resolve({ facts: [], after: null })
    })
    await swept(since, null)
    expect(spans.every((span, at) => at === 0 || span.from === spans[at - 1]?.to)).toBe(true)
    expect(spans.at(-1)?.to).toBe(clock.now().getTime())
  })

  it('passes any other refusal on', async () => {
    const since = overWindows(settings, fakeClock(), () => Promise.reject(new Error('down')))
    await expect(since(null)).rejects.toThrow('down')
  })
})
