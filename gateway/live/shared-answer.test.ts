import { describe, expect, it } from 'vitest'
import { SharedAnswer, type Wrap } from './shared-answer.js'

describe('an answer that a group shares', () => {
  it('is turned into the bytes of each protocol once, and all who speak it get the same buffer', () => {
    const answer = new SharedAnswer('{"data":1}', '7')
    let made = 0
    const wraps: readonly Wrap[] = ['socket', 'stream', 'parts'].map(
      (name): Wrap =>
        (body, cursor) => (made++, Buffer.from(`${name} ${body} ${cursor ?? ''}`)),
    )
    const first = wraps.map((wrap) => answer.bytes(wrap))
    for (const [at, wrap] of wraps.entries()) expect(answer.bytes(wrap)).toBe(first[at])
    expect(made).toBe(wraps.length)
    expect(first.map(String)).toEqual(['socket {"data":1} 7', 'stream {"data":1} 7', 'parts {"data":1} 7'])
  })
})
