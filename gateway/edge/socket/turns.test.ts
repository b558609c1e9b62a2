import { describe, expect, it } from 'vitest'
import { silent } from '../../../platform/observe/observer.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { Turns } from './turns.js'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('R27 a crowd that comes at once', () => {
  it('is let in by slices, in its order, and others have the thread in between', async () => {
    let now = 0
    const turns = new Turns({ most: 100, clock: { ...fakeClock(), monotonicMs: () => now }, observer: silent })
    const done: number[] = []
    for (let at = 0; at < 10; at++)
      turns.run(() => {
        done.push(at)
        now += 3
      })
    expect(done).toEqual([0, 1, 2])
    await nextTurn()
    expect(done).toEqual([0, 1, 2, 3, 4, 5])
    turns.run(() => done.push(10))
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is turned away beyond what may wait', () => {
    let now = 0
    const turns = new Turns({ most: 1, clock: { ...fakeClock(), monotonicMs: () => now }, observer: silent })
    const slow = (): void => void (now += 9)
    expect([turns.run(slow), turns.run(slow), turns.run(slow)]).toEqual([true, true, false])
  })
})
