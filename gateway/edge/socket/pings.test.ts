import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { Pings } from './pings.js'

/** A line that notes what is done with it, and has been told something before each beat or not. */
function aLine(isTold = false) {
  const deeds: string[] = []
  return {
    deeds,
    line: { wasTold: () => isTold, cut: () => void deeds.push('cut'), ping: () => void deeds.push('ping') },
  }
}

describe('pings', () => {
  it('ask each once in the time, by sixteen beats, and cut off who has not answered by the next', async () => {
    const clock = fakeClock()
    const pings = new Pings(clock, 16_000)
    const all = Array.from({ length: 32 }, () => aLine())
    const asked = all.map(({ line }) => pings.join(line))
    await clock.advance(1_000)
    expect(all.filter(({ deeds }) => deeds.length > 0).length).toBe(2)
    await clock.advance(15_000)
    expect(all.every(({ deeds }) => deeds.join() === 'ping')).toBe(true)
    asked[0]?.heard()
    asked[1]?.stop()
    await clock.advance(16_000)
    expect(all.slice(0, 3).map(({ deeds }) => deeds.join())).toEqual(['ping,ping', 'ping', 'ping,cut,ping'])
    pings.stop()
  })

  it('spare who is told something, but for every third', async () => {
    const clock = fakeClock()
    const pings = new Pings(clock, 16_000)
    const told = aLine(true)
    pings.join(told.line)
    await clock.advance(32_000)
    expect(told.deeds).toEqual([])
    await clock.advance(16_000)
    expect(told.deeds).toEqual(['ping'])
    pings.stop()
  })
})
