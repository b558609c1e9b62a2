import { describe, expect, it } from 'vitest'
import { mappedStream } from './mapped-stream.js'

/** Gives the numbers, then waits for ever; tells whether it was closed. */
function waiting(...numbers: readonly number[]) {
  const rest = [...numbers]
  const source = {
    closed: false,
    [Symbol.asyncIterator]: () => ({
      next: (): Promise<IteratorResult<number>> => {
        const value = rest.shift()
        return value === undefined ? new Promise(() => undefined) : Promise.resolve({ done: false, value })
      },
      return: (): Promise<IteratorResult<number>> => {
        source.closed = true
        return Promise.resolve({ done: true, value: undefined })
      },
    }),
  }
  return source
}

describe('a mapped stream', () => {
  it('gives each event through the function, in order', async () => {
    const stream = mappedStream(waiting(1, 2), (value) => Promise.resolve(value * 10))
    expect([await stream.next(), await stream.next()]).toEqual([
      { done: false, value: 10 },
      { done: false, value: 20 },
    ])
  })

  it('closes its source at once, also while it waits for an event', async () => {
    const source = waiting()
    const stream = mappedStream(source, (value) => Promise.resolve(value))
    void stream.next()
    await stream.return?.()
    expect(source.closed).toBe(true)
  })
})
