import { describe, expect, it } from 'vitest'
import { Aborting, type Abort } from '../../platform/abort.js'
import { deferred } from '../../platform/deferred.js'
import { silent } from '../../platform/observe/observer.js'
import { Twins } from './twins.js'

interface Asking {
  readonly join: (signal: Abort | null) => Promise<string>
  readonly asked: Abort[]
  readonly answer: (text: string) => void
}

/** Questions of one text, of which each asking is noted. */
function asking(): Asking {
  const twins = new Twins<string>('answers', silent)
  const asked: Abort[] = []
  const answer = deferred<string>()
  const ask = (nobodyWaits: Abort): Promise<string> => (asked.push(nobodyWaits), answer.promise)
  return { asked, join: (signal) => twins.join('q', ask, signal), answer: (text) => answer.resolve(text) }
}

describe('twins', () => {
  it('are asked once and answered together', async () => {
    const { join, asked, answer } = asking()
    const both = Promise.all([join(null), join(null)])
    answer('a')
    expect([await both, asked.length]).toEqual([['a', 'a'], 1])
  })

  it('lose nothing when one of them leaves', async () => {
    const { join, asked, answer } = asking()
    const [leaving, staying] = [new Aborting(), new Aborting()]
    const both = Promise.all([join(leaving), join(staying)])
    leaving.abort()
    answer('a')
    expect([await both, asked[0]?.aborted]).toEqual([['a', 'a'], false])
  })

  it('are given up when all have left, and who comes then asks anew', () => {
    const { join, asked } = asking()
    const all = [new Aborting(), new Aborting()]
    for (const signal of all) void join(signal)
    for (const signal of all) signal.abort()
    void join(null)
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  it('are not given up while somebody waits who cannot leave', () => {
    const { join, asked } = asking()
    const leaving = new Aborting()
    for (const signal of [leaving, null]) void join(signal)
    leaving.abort()
    expect(asked[0]?.aborted).toBe(false)
  })
})
