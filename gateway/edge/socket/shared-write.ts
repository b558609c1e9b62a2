import type { Duplex } from 'node:stream'
import type { SharedAnswer } from '../../live/shared-answer.js'
import { BEFORE_ID, behindId, headerLength, writeHeader } from './frames.js'

/** Whose message it is: the client's id as JSON text, and how many bytes that takes. */
export interface Addressee {
  readonly id: string
  readonly idBytes: number
}

/** One event for one subscription. */
export interface Told {
  readonly to: Addressee
  readonly answer: SharedAnswer
}

/**
 * What a crowd is told in one tick, composed once: for the next line only the ids are put into the same bytes, since most ids have one
 * length. One plain write of bytes that stand costs half of a gathered write of head and tail (bench/fanout).
 */
export class SharedWrite {
  #bytes: Buffer = Buffer.alloc(0)
  #answers: readonly SharedAnswer[] = []
  #idBytes: readonly number[] = []
  /** Where each id stands. */
  #places: readonly number[] = []

  /** Everything that one line is told, as one write. True when the kernel has taken all that this line ever had to write. */
  write(raw: Duplex, to: Addressee, answer: SharedAnswer, more: readonly Told[] | null): boolean {
    if (!this.#isComposedFor(to, answer, more)) this.#compose([{ to, answer }, ...(more ?? [])])
    this.#put(0, to)
    if (more !== null) for (const [at, told] of more.entries()) this.#put(at + 1, told.to)
    raw.write(this.#bytes)
    if (raw.writableLength === 0) return true
    this.#bytes = Buffer.from(this.#bytes) // those that were given are the line's now
    return false
  }

  #isComposedFor(to: Addressee, answer: SharedAnswer, more: readonly Told[] | null): boolean {
    if (!this.#is(0, to, answer)) return false
    if (more === null) return this.#answers.length === 1
    return this.#answers.length === more.length + 1 && more.every((told, at) => this.#is(at + 1, told.to, told.answer))
  }

  #is(at: number, to: Addressee, answer: SharedAnswer): boolean {
    return this.#answers[at] === answer && this.#idBytes[at] === to.idBytes
  }

  #put(at: number, { id, idBytes }: Addressee): void {
    // Most ids are ASCII, which needs no encoder.
    this.#bytes.write(id, this.#places[at] ?? 0, id.length === idBytes ? 'latin1' : 'utf8')
  }

  #compose(told: readonly Told[]): void {
    this.#answers = told.map(({ answer }) => answer)
    this.#idBytes = told.map(({ to }) => to.idBytes)
    const payloads = told.map(({ to, answer }) => BEFORE_ID.length + to.idBytes + answer.bytes(behindId).length)
    const bytes = Buffer.allocUnsafeSlow(payloads.reduce((sum, payload) => sum + headerLength(payload) + payload, 0))
    let end = 0
    this.#places = told.map(({ to, answer }, at) => {
      const place = writeHeader(bytes, end, payloads[at] ?? 0) + BEFORE_ID.length
      bytes.write(BEFORE_ID, place - BEFORE_ID.length)
      const tail = answer.bytes(behindId)
      tail.copy(bytes, place + to.idBytes)
      end = place + to.idBytes + tail.length
      return place
    })
    this.#bytes = bytes
  }
}
