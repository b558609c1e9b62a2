/**
 * Each event through `each`, one after another. Unlike an async generator, it can be closed while it waits for an event:
 * `return` goes straight to the source.
 */
export function mappedStream<From, To>(
  source: AsyncIterable<From>,
  each: (event: From) => Promise<To>,
): AsyncIterableIterator<To> {
  const events = source[Symbol.asyncIterator]()
  return {
    async next() {
      const event = await events.next()
      return event.done === true ? { done: true, value: undefined } : { done: false, value: await each(event.value) }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
