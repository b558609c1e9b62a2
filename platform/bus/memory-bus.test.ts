import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.js'
import { until } from '../../test/support/until.js'
import { silent } from '../observe/observer.js'
import type { Bus, Entry } from './bus.js'
import { memoryBus } from './memory-bus.js'

const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ position: `${from + at}-1`, body: '{}' }))

/** A relay in small: tells the numbers up to `to`, from where the bus says that it is. */
async function tellUpTo(bus: Bus, to: number): Promise<void> {
  for (let last = await bus.last('t'); last !== `${to}-1`; last = await bus.last('t')) {
    const from = Number(last?.split('-')[0] ?? 0) + 1
    await bus.append('t', entries(from, Math.min(from + 4, to)), last)
  }
}

function follower(bus: Bus, after: string | null = null): { heard: string[]; letGo: () => void } {
  const heard: string[] = []
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  bus.follow('t', after, async (batch) => {
    await held
    heard.push(...batch.map(({ position }) => position))
  })
  return { heard, letGo }
}

const upTo = (to: number): string[] => entries(1, to).map(({ position }) => position)

describe('the bus in memory', () => {
  it('makes the teller wait for a follower who moves', async () => {
    const bus = memoryBus({ clock: fakeClock(), observer: silent, most: 10 })
    const slow = follower(bus)
    let told = false
    const telling = tellUpTo(bus, 30).then(() => (told = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toBe(false)
    slow.letGo()
    await telling
    await until(() => slow.heard.length === 30)
    expect(slow.heard).toEqual(upTo(30))
  })

  it('goes on without a follower who does not move, and tells him again when he comes back', async () => {
    const clock = fakeClock()
    const bus = memoryBus({ clock, observer: silent, most: 10 })
    const stuck = follower(bus)
    let told = false
    void tellUpTo(bus, 40).then(() => (told = true))
    await until(async () => clock.advance(5000).then(() => told))
    stuck.letGo()
    await until(() => stuck.heard.length > 0)
    await tellUpTo(bus, 40)
    await until(() => stuck.heard.length === 40)
    expect(stuck.heard).toEqual(upTo(40))
  })

  it('tells a topic again for a follower who comes from further back than it holds', async () => {
    const bus = memoryBus({ clock: fakeClock(), observer: silent, most: 10 })
    await tellUpTo(bus, 40)
    const late = follower(bus, '20-1')
    late.letGo()
    await until(async () => (await bus.last('t')) === '20-1')
    await tellUpTo(bus, 40)
    await until(() => late.heard.length === 20)
    expect(late.heard).toEqual(upTo(40).slice(20))
  })

  it('asks only for what its first follower has not heard', async () => {
    const bus = memoryBus({ clock: fakeClock(), observer: silent })
    follower(bus, '7-1')
    expect(await bus.last('t')).toBe('7-1')
  })
})
