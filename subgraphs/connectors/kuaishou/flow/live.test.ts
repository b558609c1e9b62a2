import { describe, expect, it } from 'vitest'
import { silent } from '../../../../platform/observe/observer.js'
import { refuse } from '../../../../schema/refuse.js'
import { fakeClock } from '../../../../test/support/fake-clock.js'
import { liveOf } from './live.js'

/** What the partner answers, one after the other; a refusal for null. */
function looking(answers: readonly (number | null)[]) {
  const clock = fakeClock('2026-11-11T12:00:00Z')
  let asked = 0
  const viewers = () => {
    const answer = answers[asked++]
    if (answer === null || answer === undefined) throw refuse('PARTNER_REFUSED', 'no room')
    return Promise.resolve(answer)
  }
  const calls = { viewers: async () => await viewers(), isInCart: () => Promise.resolve(true) }
  return { clock, live: liveOf({ calls, clock, observer: silent }), asked: () => asked }
}

describe("what is seen of the partner's live room", () => {
  it('is asked for once for all who look in the same ten seconds, and says when it was seen', async () => {
    const { clock, live, asked } = looking([210, 220])
    expect(await Promise.all([live.viewers(), live.viewers()])).toMatchObject([{ value: 210 }, { value: 210 }])
    await clock.advance(9_000)
    expect([await live.viewers(), asked()]).toEqual([{ value: 210, at: new Date('2026-11-11T12:00:00Z') }, 1])
    await clock.advance(1_000)
    expect((await live.viewers())?.value).toBe(220)
  })

  it('is nothing while the partner does not tell', async () => {
    const { live } = looking([null])
    expect(await live.viewers()).toBeNull()
    expect((await live.inCart('6'))?.value).toBe(true)
  })
})
