/** A stream of one value that is told again and again; tellings that nobody has taken yet are one. `begins`: it is told once at once. */
export function newestOnly<T>(
  value: T,
  { left, begins = false }: { readonly left: () => void; readonly begins?: boolean },
): { stream: AsyncIterableIterator<T>; tell: () => void } {
  let waiting: ((result: IteratorResult<T, undefined>) => void) | null = null
  let told = begins
  let ended = false
  const done = { done: true, value: undefined } as const
  const stream: AsyncIterableIterator<T> = {
    next() {
      if (ended) return Promise.resolve(done)
      if (!told) return new Promise((resolve) => (waiting = resolve))
      told = false
      return Promise.resolve({ done: false, value })
    },
    return() {
      ended = true
      left()
      waiting?.(done)
      return Promise.resolve(done)
    },
    [Symbol.asyncIterator]: () => stream,
  }
  function tell(): void {
    if (waiting === null) {
      told = true
      return
    }
    waiting({ done: false, value })
    waiting = null
  }
  return { stream, tell }
}
