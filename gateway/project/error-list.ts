/** The errors of one answer, as text; beyond `most` they are counted only, so that a failing subgraph cannot make an answer of errors. */
export class ErrorList {
  readonly #texts: string[] = []
  readonly #codes = new Set<string>()
  readonly #most: number
  #length = 0

  constructor(most = 1_000) {
    this.#most = most
  }

  get length(): number {
    return this.#length
  }

  get codes(): readonly string[] {
    return [...this.#codes]
  }

  add(text: string, code: string): void {
    this.#length += 1
    this.#codes.add(code)
    if (this.#texts.length < this.#most) this.#texts.push(text)
  }

  toText(): string {
    return `[${this.#texts.join(',')}]`
  }
}

/** One error, as it stands in an answer. */
export function errorText(code: string, message: string, path: readonly (string | number)[]): string {
  return JSON.stringify({ message, path, extensions: { code } })
}
