/** How many there are of each, and the most that there may be of one; 0 is without bound. */
export class Tally {
  readonly #most: number
  readonly #counts = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  isFull(of: string): boolean {
    return this.#most > 0 && (this.#counts.get(of) ?? 0) >= this.#most
  }

  /** One more; gives the way to be one less again, which works once. */
  enter(of: string): () => void {
    this.#counts.set(of, (this.#counts.get(of) ?? 0) + 1)
    let isIn = true
    return () => {
      if (isIn) this.#leave(of)
      isIn = false
    }
  }

  #leave(of: string): void {
    const left = (this.#counts.get(of) ?? 1) - 1
    if (left > 0) this.#counts.set(of, left)
    else this.#counts.delete(of)
  }
}
