/** Makes a protocol's bytes out of an answer's text. One function per protocol: it is the key under which the bytes are kept. */
export type Wrap = (body: string) => Buffer

/** One event as one group sees it: rendered once, and turned into each protocol's bytes once, however many watch. */
export class SharedAnswer {
  readonly body: string
  #wrap: Wrap | null = null
  #bytes: Buffer | null = null
  #more: Map<Wrap, Buffer> | null = null

  constructor(body: string) {
    this.body = body
  }

  /** The bytes for one protocol; the same buffer for everybody who asks with the same function. */
  bytes(wrap: Wrap): Buffer {
    if (this.#wrap === wrap && this.#bytes !== null) return this.#bytes
    if (this.#wrap === null) {
      this.#wrap = wrap
      return (this.#bytes = wrap(this.body))
    }
    return this.#others(wrap)
  }

  #others(wrap: Wrap): Buffer {
    this.#more ??= new Map()
    const known = this.#more.get(wrap)
    if (known !== undefined) return known
    const fresh = wrap(this.body)
    this.#more.set(wrap, fresh)
    return fresh
  }
}
