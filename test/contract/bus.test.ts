import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KEPT_MS, LOOKED_THROUGH_MS, type Bus, type Entry } from '../../platform/bus/bus.js'
import { eachBus } from '../support/buses.js'
import { counting } from '../support/counting.js'
import { fakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'

const entry = (position: string): Entry => ({ position, body: `"${position}"` })
const entries = (...positions: string[]): Entry[] => positions.map(entry)

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
