import { describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { silent } from '../../platform/observe/observer.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { Turnstile } from './turnstile.js'

const SETTINGS = { places: 2, bytesEach: 1_000, mostWaiting: 3, mostWaitMs: 1_000 }

/** A turnstile, whom it has let through, and what ends them. */
function scene(load = 1) {
  const clock = fakeClock()
  const turnstile = new Turnstile(SETTINGS, { clock, observer: silent, busy: () => load })
  const begun: string[] = []
  const endOf = new Map<string, () => void>()
  const come = (name: string, bytes: number | null = 0): Promise<string> =>
    turnstile.pass(bytes, () => {
      begun.push(name)
      const end = deferred<string>()
      endOf.set(name, () => end.resolve(name))
      return end.promise
    })
  return { clock, turnstile, begun, come, end: (name: string) => endOf.get(name)?.() }
}

describe('a turnstile', () => {
  it('lets as many through as there are places, the others in the order in which they came', async () => {
    const { clock, begun, come, end } = scene()
    for (const name of ['a', 'b', 'c', 'd']) void come(name)
    expect(begun).toEqual(['a', 'b'])
    end('b')
    await clock.advance(0)
    expect(begun).toEqual(['a', 'b', 'c'])
    end('a')
    await clock.advance(0)
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
  })

  it('gives each the answer of its own work, also the failure', async () => {
    const { turnstile, clock, come, end } = scene()
    const answers = ['a', 'b', 'c'].map((name) => come(name))
    const failed = expect(turnstile.pass(0, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    for (const name of ['a', 'b', 'c']) {
      end(name)
      await clock.advance(0)
    }
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'])
    await failed
  })

  it('gives a large answer as many places as it weighs, and one that is larger than all of them its turn alone', async () => {
    const { clock, begun, come, end } = scene()
    void come('large', 1_500)
    void come('huge', 9_000)
    expect(begun).toEqual(['large'])
    end('large')
    await clock.advance(0)
    expect(begun).toEqual(['large', 'huge'])
  })

  it('never lets a small answer wait behind large ones', () => {
    const { begun, come } = scene()
    for (const name of ['large', 'larger', 'largest']) void come(name, 5_000)
    void come('small')
    expect(begun).toEqual(['large', 'small'])
  })

  it('opens more places while there is time to spare', async () => {
    const { clock, begun, come } = scene(0.2)
    for (let at = 0; at < 7; at++) void come(String(at))
    await clock.advance(5)
    expect(begun).toHaveLength(4)
    await clock.advance(5)
    expect(begun).toHaveLength(6)
  })

  it('opens none while there is no time to spare', async () => {
    const { clock, begun, come } = scene(0.95)
    for (let at = 0; at < 7; at++) void come(String(at))
    await clock.advance(100)
    expect(begun).toHaveLength(2)
  })

  it('is careful with what nobody has asked before', () => {
    const { begun, come } = scene()
    for (const name of ['new', 'newer']) void come(name, null)
    expect(begun).toEqual(['new'])
  })

  it('is full when as many wait as may', () => {
    const { turnstile, come } = scene()
    for (let at = 0; at < 4; at++) void come(String(at))
    expect(turnstile.isFull).toBe(false)
    void come('last')
    expect(turnstile.isFull).toBe(true)
  })

  it('R26 refuses whoever would join a line that does not move, and never for the line of others', async () => {
    const { clock, begun, come, end } = scene()
    for (const name of ['a', 'b', 'first']) void come(name)
    void come('large', 5_000)
    await clock.advance(1_001)
    await expect(come('late')).rejects.toMatchObject({ code: 'BUSY' })
    void come('larger', 5_000)
    end('a')
    await clock.advance(0)
    void come('in time')
    end('b')
    await clock.advance(0)
    expect(begun).toEqual(['a', 'b', 'large', 'first', 'in time'])
  })

  it('R26 refuses whoever would wait too long at the pace at which the line moves', async () => {
    const { clock, begun, turnstile } = scene()
    const come = (): Promise<string> =>
      turnstile.pass(5_000, async () => {
        begun.push('one')
        await new Promise<void>((resolve) => void clock.after(100, resolve))
        return 'served'
      })
    const patient = Array.from({ length: 8 }, come)
    await clock.advance(500)
    expect(begun).toHaveLength(6)
    const crowd = Promise.allSettled(Array.from({ length: 50 }, come))
    await clock.advance(10_000)
    const served = (await crowd).filter(({ status }) => status === 'fulfilled').length
    expect(await Promise.all(patient)).toHaveLength(8)
    expect(served).toBeGreaterThan(10)
    expect(served).toBeLessThan(40)
  })

  it('lets everybody through when it has no places', () => {
    const open = new Turnstile({ ...SETTINGS, places: 0 }, { clock: fakeClock(), observer: silent, busy: () => 1 })
    let begun = 0
    for (let at = 0; at < 9; at++) void open.pass(0, () => Promise.resolve(begun++))
    expect(begun).toBe(9)
  })
})
