import { describe, expect, it } from 'vitest'
import { fakeClock } from '../test/support/fake-clock.js'
import { batcher, type Batcher } from './batch.js'
import { Failure } from './failure.js'
import { silent } from './observe/observer.js'
import { pause } from './time/clock.js'

/** Doubles numbers; a run ends when it is let go. */
function doubler(options: { most?: number; limit?: number; held?: Promise<void> } = {}): {
  batch: Batcher<number, number>
  runs: (readonly number[])[]
  clock: ReturnType<typeof fakeClock>
} {
  const runs: (readonly number[])[] = []
  const clock = fakeClock()
  const batch = batcher<number, number>({
    clock,
    observer: silent,
    name: 'doubling',
    most: options.most ?? 10,
    waitMs: 2,
    limit: options.limit ?? 100,
    async run(questions) {
      runs.push(questions)
      await options.held
      return questions.map((question) => (question < 0 ? new Failure('NEGATIVE', 'below zero') : question * 2))
    },
  })
  return { batch, runs, clock }
}

describe('a batcher', () => {
  it('answers what came close together in one run', async () => {
    const { batch, runs, clock } = doubler()
    const answers = Promise.all([batch.ask(1), batch.ask(2), batch.ask(3)])
    await clock.advance(2)
    expect(await answers).toEqual([2, 4, 6])
    expect(runs).toEqual([[1, 2, 3]])
  })

  it('does not wait once the batch is full', async () => {
    const { batch, runs } = doubler({ most: 2 })
    expect(await Promise.all([batch.ask(1), batch.ask(2)])).toEqual([2, 4])
    expect(runs).toEqual([[1, 2]])
  })

  it('makes one next run of what comes while one runs', async () => {
    let letGo: () => void = () => undefined
    const { batch, runs, clock } = doubler({ held: new Promise((resolve) => (letGo = resolve)) })
    const first = batch.ask(1)
    await clock.advance(2)
    const others = [batch.ask(2), batch.ask(3)]
    letGo()
    expect(await Promise.all([first, ...others])).toEqual([2, 4, 6])
    expect(runs).toEqual([[1], [2, 3]])
  })

  it('refuses one question without refusing the others', async () => {
    const { batch } = doubler({ most: 2 })
    const [bad, good] = await Promise.allSettled([batch.ask(-1), batch.ask(4)])
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'NEGATIVE' } })
    expect(good).toEqual({ status: 'fulfilled', value: 8 })
  })

  it('refuses whoever comes when the line is full', async () => {
    const { batch, clock } = doubler({ limit: 1 })
    const first = batch.ask(1)
    await expect(batch.ask(2)).rejects.toMatchObject({ code: 'BUSY' })
    await clock.advance(2)
    expect(await first).toBe(2)
  })

  it('counts those it refused when it runs, together', async () => {
    const clock = fakeClock()
    const counted: (readonly [string, number])[] = []
    const count = (name: string, _labels?: object, by = 1) => void counted.push([name, by])
    const observer = { ...silent, count }
    const run = (questions: readonly number[]) => Promise.resolve(questions)
    const batch = batcher<number, number>({ clock, observer, name: 'full', most: 10, waitMs: 2, limit: 1, run })
    const asked = Promise.allSettled([1, 2, 3].map((question) => batch.ask(question)))
    await clock.advance(2)
    await asked
    expect(counted.filter(([name]) => name === 'batch.refused')).toEqual([['batch.refused', 2]])
  })

  it('refuses whoever would wait longer than his patience, and says how long', async () => {
    const clock = fakeClock()
    const batch = batcher<number, number>({
      ...{ clock, observer: silent, name: 'slow', most: 2, waitMs: 1, limit: 100, patienceMs: 25 },
      run: async (questions) => {
        await pause(clock, 10)
        return questions
      },
    })
    const asked = (count: number) => Promise.allSettled(Array.from({ length: count }, () => batch.ask(1)))
    const first = asked(2)
    await clock.advance(10)
    await first
    const rush = asked(9)
    for (let at = 0; at < 5; at++) await clock.advance(10)
    const outcomes = await rush
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'BUSY', details: { retryAfterMs: 100 } } })
  })

  it('answers all that was asked before it is drained', async () => {
    const { batch, runs } = doubler({ most: 2 })
    const answers = [1, 2, 3, 4, 5].map((question) => batch.ask(question))
    await batch.drain()
    expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10])
    expect(runs.flat()).toEqual([1, 2, 3, 4, 5])
  })

  it('takes questions again after it was empty', async () => {
    const { batch, clock } = doubler()
    for (const question of [1, 2]) {
      const answer = batch.ask(question)
      await clock.advance(2)
      expect(await answer).toBe(question * 2)
    }
  })
})
