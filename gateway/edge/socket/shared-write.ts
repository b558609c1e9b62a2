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

  /** Everything that one line is told, as one write. */
  write(raw: Duplex, first: Told, more: readonly Told[]): void {
    if (!this.#isComposedFor(first, more)) this.#compose([first, ...more])
    this.#put(0, first)
    for (const [at, told] of more.entries()) this.#put(at + 1, told)
    raw.write(this.#bytes)
    // The kernel has not taken all of it: the bytes belong to this line now.
    if (raw.writableLength > 0) this.#bytes = Buffer.from(this.#bytes)
  }

  #isComposedFor(first: Told, more: readonly Told[]): boolean {
    if (this.#answers.length !== more.length + 1 || !this.#is(0, first)) return false
    return more.every((told, at) => this.#is(at + 1, told))
  }

  #is(at: number, { to, answer }: Told): boolean {
    return this.#answers[at] === answer && this.#idBytes[at] === to.idBytes
  }

  #put(at: number, { to }: Told): void {
    this.#bytes.write(to.id, this.#places[at] ?? 0)
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
