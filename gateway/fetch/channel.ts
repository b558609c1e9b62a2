/** A bounded line between who pushes and who iterates. Leaving it takes effect at once, also while somebody waits for the next item. */
export interface Channel<T> extends AsyncIterableIterator<T> {
  /** False when the line is full or ended: the item was not taken. */
  push(item: T): boolean
  /** No more items; what is queued is still given. */
  end(): void
  /** Like `end`, but the iteration then throws. */
  fail(error: Error): void
}

/** `left` runs once, when the line is over for whatever reason. */
export function channel<T>(most: number, left: () => void): Channel<T> {
  return new Line<T>(most, left)
}

type Waiting<T> = { readonly give: (result: IteratorResult<T>) => void; readonly refuse: (error: Error) => void }

class Line<T> implements Channel<T> {
  readonly #most: number
  readonly #left: () => void
  #queue: T[] = []
  #waiting: Waiting<T>[] = []
  #over = false
  #error: Error | null = null

  constructor(most: number, left: () => void) {
    this.#most = most
    this.#left = left
  }

  push(item: T): boolean {
    if (this.#over) return false
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) {
      waiting.give({ value: item, done: false })
      return true
    }
    if (this.#queue.length >= this.#most) return false
    this.#queue.push(item)
    return true
  }

  end(): void {
    this.#finish(null)
  }

  fail(error: Error): void {
    this.#finish(error)
  }

  next(): Promise<IteratorResult<T>> {
    const [item] = this.#queue.splice(0, 1)
    if (item !== undefined) return Promise.resolve({ value: item, done: false })
    if (!this.#over) return new Promise((give, refuse) => this.#waiting.push({ give, refuse }))
    const error = this.#error
    this.#error = null
    return error === null ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error)
  }

  return(): Promise<IteratorResult<T>> {
    this.#queue = []
    this.#finish(null)
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #finish(error: Error | null): void {
    if (this.#over) return
    this.#over = true
    const [first, ...others] = this.#waiting
    this.#waiting = []
    if (first === undefined) this.#error = error
    else if (error === null) first.give({ value: undefined, done: true })
    else first.refuse(error)
    for (const waiting of others) waiting.give({ value: undefined, done: true })
    this.#left()
  }
}
