/** Makes a protocol's bytes out of an answer's text, and of its cursor where it has one. One function per protocol: it is the key under which the bytes are kept. */
export type Wrap = (body: string, cursor: string | null) => Buffer

/** One event as one group sees it: rendered once, and turned into each protocol's bytes once, however many watch. */
export class SharedAnswer {
  readonly body: string
  /** By which a viewer goes on behind it; null when nobody can. */
  readonly cursor: string | null
  #wrap: Wrap | null = null
  #bytes: Buffer | null = null
  #more: Map<Wrap, Buffer> | null = null
  readonly #make: (wrap: Wrap) => Buffer

  /** `make` gives what `wrap` gives of the body and the cursor, where there is a shorter way to it. */
  constructor(body: string, cursor: string | null = null, make: (wrap: Wrap) => Buffer = (wrap) => wrap(body, cursor)) {
    this.body = body
    this.cursor = cursor
    this.#make = make
  }

  /** The bytes for one protocol; the same buffer for everybody who asks with the same function. */
  bytes(wrap: Wrap): Buffer {
    if (this.#wrap === wrap && this.#bytes !== null) return this.#bytes
    if (this.#wrap === null) {
      this.#wrap = wrap
      return (this.#bytes = this.#make(wrap))
    }
    return this.#others(wrap)
  }

  #others(wrap: Wrap): Buffer {
    this.#more ??= new Map()
    const known = this.#more.get(wrap)
    if (known !== undefined) return known
    const fresh = this.#make(wrap)
    this.#more.set(wrap, fresh)
    return fresh
  }
}
