import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { KEPT_MS, LOOKED_THROUGH_MS, type Bus, type Entry } from '../../platform/bus/bus.js'
import { aRedisBus, eachBus } from '../support/buses.js'
import { counting } from '../support/counting.js'
import { fakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'

const entry = (position: string): Entry => ({ position, body: `"${position}"` })
const entries = (...positions: string[]): Entry[] => positions.map(entry)

const place = ({ position }: Entry): string => position

/** So many of a topic are held where that is set, and so many are told. */
const MOST = 50
const MANY = 1_000

async function tellMany(bus: Bus): Promise<void> {
  const all = Array.from({ length: MANY }, (_, at) => `${at + 1}-1`)
  for (let from = 0; from < MANY; from += 100) await bus.append('t', entries(...all.slice(from, from + 100)))
}

describe('a bus', () => {
  eachBus((open) => {
    let bus: Bus
    beforeEach(async () => {
      bus = open()
      await until(() => bus.last('t').then(() => true, () => false), 'the bus') // prettier-ignore
    })
    afterEach(() => bus.close())

    /** Follows and writes down what is heard. */
    const hear = (after: string | null, into: string[] = []): string[] => {
      bus.follow('t', after, (heard) => {
        into.push(...heard.map((one) => one.position))
        return Promise.resolve()
      })
      return into
    }

    it('gives a topic in order, what is held and what comes', async () => {
      await bus.append('t', entries('9-2', '10-1'))
      const heard = hear(null)
      await until(() => heard.length === 2)
      await bus.append('t', entries('10-7', '123456789012-18446744073709551615'))
      await until(() => heard.length === 4)
      expect(heard).toEqual(['9-2', '10-1', '10-7', '123456789012-18446744073709551615'])
    })

    it('gives a follower only what lies above his place', async () => {
      await bus.append('t', entries('1-1', '2-1', '3-1'))
      const heard = hear('2-1')
      await bus.append('t', entries('4-1'))
      await until(() => heard.length === 2)
      expect(heard).toEqual(['3-1', '4-1'])
    })

    it('leaves out what it has been told already', async () => {
      await bus.append('t', entries('1-1', '2-2'))
      await bus.append('t', entries('1-1', '2-1', '2-2', '2-3'))
      const heard = hear(null)
      await until(() => heard.includes('2-3'))
      expect(heard).toEqual(['1-1', '2-2', '2-3'])
    })

    it('knows the last position of each topic', async () => {
      expect(await bus.last('t')).toBeNull()
      await bus.append('t', entries('2-2', '10-1'))
      expect([await bus.last('t'), await bus.last('other')]).toEqual(['10-1', null])
    })

    it('takes nothing from a teller who believes that it holds more', async () => {
      await bus.append('t', entries('1-1'))
      await bus.append('t', entries('9-9'), '8-8')
      expect(await bus.last('t')).toBe('1-1')
      await bus.append('t', entries('2-1'), '1-1')
      expect(await bus.last('t')).toBe('2-1')
    })

    it('gives a batch again when it was not taken, and nothing after it before', async () => {
      const heard: string[][] = []
      bus.follow('t', null, (batch) => {
        heard.push(batch.map((one) => one.position))
        return heard.length < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()
      })
      await bus.append('t', entries('1-1'))
      await until(() => heard.length === 1)
      await bus.append('t', entries('2-1'))
      await until(() => heard.length === 4)
      expect(heard).toEqual([['1-1'], ['1-1'], ['1-1'], ['2-1']])
    })

    it('gives one batch at a time', async () => {
      let running = 0
      let most = 0
      let heard = 0
      bus.follow('t', null, async (batch) => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        running--
        heard += batch.length
      })
      for (let tx = 1; tx <= 50; tx++) await bus.append('t', entries(`${tx}-1`))
      await until(() => heard === 50)
      expect(most).toBe(1)
    })

    it('gives nothing more once it is closed', async () => {
      const heard: string[] = []
      const close = bus.follow('t', null, (batch) => {
        heard.push(...batch.map((one) => one.position))
        return Promise.resolve()
      })
      await bus.append('t', entries('1-1'))
      await until(() => heard.length === 1)
      await close()
      await bus.append('t', entries('2-1'))
      const later = hear(null)
      await until(() => later.length === 2)
      expect(heard).toEqual(['1-1'])
    })

    it('keeps what was told for three days, and knows its last position for ever', async () => {
      const clock = fakeClock()
      const counts = counting()
      const old = open({ clock, observer: counts })
      await until(() => old.last('t').then(() => true, () => false), 'the bus') // prettier-ignore
      await old.append('t', entries('1-1', '2-1'))
      await clock.advance(KEPT_MS / 2)
      await old.append('t', entries('3-1'))
      await clock.advance(KEPT_MS / 2)
      await until(() => clock.advance(LOOKED_THROUGH_MS).then(() => counts.counted('bus.aged') > 0))
      const heard: string[] = []
      old.follow('t', '2-1', (batch) => Promise.resolve(void heard.push(...batch.map((one) => one.position))))
      await until(() => clock.advance(1000).then(() => heard.length > 0)) // it may rest before it reaches Redis
      expect([counts.counted('bus.aged'), heard, await old.last('t')]).toEqual([2, ['3-1'], '3-1'])
      await old.close()
    })

    it('holds the newest of a topic, as many as it is set to', async () => {
      const small = open({ most: MOST })
      await until(() => small.last('t').then(() => true, () => false), 'the bus') // prettier-ignore
      await tellMany(small)
      const heard: string[] = []
      small.follow('t', `${MANY - MOST}-1`, (batch) => Promise.resolve(void heard.push(...batch.map(place))))
      await until(() => heard.length === MOST)
      expect([heard[0], heard.at(-1), await small.last('t')]).toEqual([
        `${MANY - MOST + 1}-1`,
        `${MANY}-1`,
        `${MANY}-1`,
      ])
      await small.close()
    })

    it('signals to all who listen now', async () => {
      const heard: string[] = []
      const close = await bus.listen('c', (body) => heard.push(`first ${body}`))
      await bus.listen('c', (body) => heard.push(`second ${body}`))
      bus.signal('c', 'a')
      bus.signal('other', 'x')
      await until(() => heard.length === 2)
      await close()
      bus.signal('c', 'b')
      await until(() => heard.length === 3)
      expect(heard).toEqual(['first a', 'second a', 'second b'])
    })
  })
})

// The one in memory has a topic told again from the place of whoever comes from before what it holds (memory-bus.test.ts).
describe('the bus in Redis', () => {
  const url = inject('redisUrl')

  it.skipIf(url === null)(
    'gives whoever comes from further back what it holds, which is about what it is set to',
    async () => {
      const bus = aRedisBus(url ?? '', { most: MOST })
      await until(() => bus.last('t').then(() => true, () => false), 'the bus') // prettier-ignore
      await tellMany(bus)
      const heard: string[] = []
      bus.follow('t', null, (batch) => Promise.resolve(void heard.push(...batch.map(place))))
      await until(() => heard.includes(`${MANY}-1`))
      expect(heard.length).toBeGreaterThanOrEqual(MOST)
      expect(heard.length).toBeLessThan(MOST + 200) // Redis cuts off whole nodes of a stream, of a hundred entries
      await bus.close()
    },
  )
})
