import { describe, expect, it } from 'vitest'
import type { Chance } from '../../platform/time/chance.js'
import { seededChance } from '../../platform/time/chance.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { backOff } from './back-off.js'

/** How long a part rests after each of its failures, to `stepMs`. */
async function rests(chance: Chance, failures: number, stepMs = 50): Promise<readonly number[]> {
  const clock = fakeClock()
  const back = backOff(clock, chance)
  const all: number[] = []
  for (let at = 0; at < failures; at++) {
    back.failed('rooms')
    const from = clock.monotonicMs()
    while (back.rests('rooms')) await clock.advance(stepMs)
    all.push(clock.monotonicMs() - from)
  }
  return all
}

const always = (fraction: number): Chance => ({ ...seededChance(1), fraction: () => fraction })

describe('R17 a part that fails', () => {
  it('rests twice as long each time, up to five seconds', async () => {
    expect(await rests(always(1), 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  })

  it('comes back at another moment than others that failed with it', async () => {
    expect(await rests(always(0), 3)).toEqual([50, 100, 200])
    const many = await Promise.all(Array.from({ length: 20 }, (_, seed) => rests(seededChance(seed), 1, 5)))
    expect(new Set(many.flat()).size).toBeGreaterThan(4)
  })

  it('is asked at once when it has answered, and keeps nobody else waiting', () => {
    const back = backOff(fakeClock(), always(1))
    back.failed('rooms')
    expect([back.rests('rooms'), back.rests('catalog')]).toEqual([true, false])
    back.succeeded('rooms')
    expect(back.rests('rooms')).toBe(false)
  })
})
