import { Failure } from '../failure.js'

interface Waiting {
  readonly alone: boolean
  readonly enter: () => void
}

/**
 * Who may use the one connection, in the order they came: statements by themselves pass together, a transaction has it alone.
 * The line is bounded; when it is full, whoever comes is refused with `BUSY`.
 */
export class Gate {
  readonly #most: number
  #held = false
  #line: Waiting[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Runs at once, or in its turn; `run` is called without a pause, so that it never falls into another's transaction. */
  pass<T>(run: () => Promise<T>): Promise<T> {
    if (!this.#held) return run()
    return new Promise((resolve, reject) => this.#wait(false, () => void run().then(resolve, reject), reject))
  }

  /** Resolves when the connection is held; `release` must follow. */
  hold(): Promise<void> {
    if (this.#held) return new Promise((resolve, reject) => this.#wait(true, resolve, reject))
    this.#held = true
    return Promise.resolve()
  }

  release(): void {
    this.#held = false
    let passed = 0
    for (const { alone, enter } of this.#line) {
      if (this.#held) break
      this.#held = alone
      enter()
      passed++
    }
    this.#line = passed === 0 ? this.#line : this.#line.slice(passed)
  }

  #wait(alone: boolean, enter: () => void, refuse: (cause: Failure) => void): void {
    if (this.#line.length < this.#most) this.#line.push({ alone, enter })
    else refuse(new Failure('BUSY', `the database has a line of ${this.#most} already`))
  }
}
