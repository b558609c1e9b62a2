/** Remembers how to close what was opened, and closes in the reverse order. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = []

  /** Gives the thing back. */
  keep<T>(thing: T, close: (thing: T) => Promise<unknown>): T {
    this.#closers.push(() => close(thing))
    return thing
  }

  /** Closes everything, also after one closing has failed; the first failure is thrown at the end. */
  async close(): Promise<void> {
    const failed: unknown[] = []
    for (const close of this.#closers.splice(0).toReversed())
      await close().catch((error: unknown) => failed.push(error))
    if (failed.length > 0) throw failed[0]
  }
}
