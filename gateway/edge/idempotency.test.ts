import { describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import type { GraphAnswer } from '../engine.js'
import { idempotency, type KeyedMutation } from './idempotency.js'

const answered = (body: string, failed: GraphAnswer['failed'] = 'nothing'): GraphAnswer => {
  return { body, kind: 'mutation', failed, codes: [] }
}

function asking(clock = fakeClock(), bounds = { keptMs: 86_400_000, most: 100, mostChars: 10_000 }) {
  const keeper = idempotency({ clock, observer: silent }, bounds)
  let runs = 0
  return {
    runs: () => runs,
    ask: (some: Partial<KeyedMutation> & { member?: string | null; failed?: GraphAnswer['failed'] } = {}) => {
      const who = { ...ANONYMOUS, member: some.member === undefined ? 'Member:ann' : some.member }
      const context = { who, authorization: null, requestId: 'r', signal: null, carried: null }
      const mutation = { context, key: 'k', text: 'mutation{a}', operationName: null, variables: { n: 1 }, ...some }
      return keeper.answer(mutation, () => Promise.resolve(answered(`run ${++runs}`, some.failed)))
    },
  }
}

describe('an Idempotency-Key at the edge', () => {
  it('R01 gives the same bytes again, and says so', async () => {
    const { ask, runs } = asking()
    expect(await ask()).toMatchObject({ answer: { body: 'run 1' }, isReplayed: false })
    expect(await ask()).toMatchObject({ answer: { body: 'run 1' }, isReplayed: true })
    expect(runs()).toBe(1)
  })

  it('R02 refuses another body without running it', async () => {
    const { ask, runs } = asking()
    await ask()
    await expect(ask({ variables: { n: 2 } })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
    expect(runs()).toBe(1)
  })

  it('R03 runs one of fifty that come at once', async () => {
    const { ask, runs } = asking()
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask()))
    expect(new Set(answers.map(({ answer }) => answer.body))).toEqual(new Set(['run 1']))
    expect(runs()).toBe(1)
  })

  it('R06 keeps no answer that came with errors', async () => {
    const { ask } = asking()
    expect(await ask({ failed: 'fields' })).toMatchObject({ answer: { body: 'run 1' } })
    expect(await ask()).toMatchObject({ answer: { body: 'run 2' }, isReplayed: false })
  })

  it('belongs to whoever sent it, and to nobody without a token', async () => {
    const { ask } = asking()
    await ask()
    expect(await ask({ member: 'Member:bob' })).toMatchObject({ isReplayed: false })
    await ask({ member: null })
    expect(await ask({ member: null })).toMatchObject({ isReplayed: false })
  })

  it('is forgotten after a day, and the oldest first when there are too many', async () => {
    const clock = fakeClock()
    const { ask } = asking(clock, { keptMs: 1000, most: 2, mostChars: 10_000 })
    for (const key of ['a', 'b', 'c']) await ask({ key })
    expect(await ask({ key: 'c' })).toMatchObject({ isReplayed: true })
    expect(await ask({ key: 'a' })).toMatchObject({ isReplayed: false })
    await clock.advance(1000)
    expect(await ask({ key: 'c' })).toMatchObject({ isReplayed: false })
  })
})
