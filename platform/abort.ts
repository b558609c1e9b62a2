/** As much of an `AbortSignal` as is needed to hear that nobody waits any more; the platform's own signals are of this form too. */
export interface Abort {
  readonly aborted: boolean
  addEventListener(type: 'abort', heard: () => void): void
  removeEventListener(type: 'abort', heard: () => void): void
}

/** An `AbortController` and its signal in one light object: every request has one, and hardly any is ever used. */
export class Aborting implements Abort {
  #aborted = false
  #heard: Set<() => void> | null = null

  get aborted(): boolean {
    return this.#aborted
  }

  addEventListener(_type: 'abort', heard: () => void): void {
    if (!this.#aborted) (this.#heard ??= new Set()).add(heard)
  }

  removeEventListener(_type: 'abort', heard: () => void): void {
    this.#heard?.delete(heard)
  }

  /** Tells everybody who listens, each once; a second time does nothing. */
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    const all = [...(this.#heard ?? [])]
    this.#heard = null
    for (const heard of all) heard()
  }
}
