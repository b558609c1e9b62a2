import { Failure } from '../failure.js'
import { CALL_FAILURES } from './call.js'
import { noResponse } from './response-head.js'

/** The most of a line between chunks, and of all lines after the last one. */
const MOST_LINE = 1_024
const MOST_TRAILERS = 32_768
const SIZE = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i

/** A body that comes in chunks (RFC 9112, section 7.1), however they are cut. What it keeps it copies. */
export class ChunkedBody {
  readonly #mostBytes: number
  readonly #pieces: Buffer[] = []
  #bytes = 0
  #awaits: 'size' | 'data' | 'end of data' | 'trailer' = 'size'
  #left = 0
  #line = ''
  #trailers = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** What comes after the body; null while it is not whole. */
  take(bytes: Buffer): Buffer | null {
    let at = 0
    while (at < bytes.length) {
      if (this.#awaits === 'data') {
        at += this.#data(bytes, at)
        continue
      }
      const end = bytes.indexOf(0x0a, at)
      this.#grow(bytes.toString('latin1', at, end < 0 ? bytes.length : end))
      if (end < 0) return null
      at = end + 1
      if (this.#isLast(this.#cut())) return bytes.subarray(at)
    }
    return null
  }

  get whole(): Buffer {
    const [only, other] = this.#pieces
    return only !== undefined && other === undefined ? only : Buffer.concat(this.#pieces, this.#bytes)
  }

  #data(bytes: Buffer, at: number): number {
    const count = Math.min(this.#left, bytes.length - at)
    this.#bytes += count
    if (this.#bytes > this.#mostBytes)
      throw new Failure(CALL_FAILURES.tooLarge, `the answer is over ${this.#mostBytes} bytes`)
    this.#pieces.push(Buffer.from(bytes.subarray(at, at + count)))
    this.#left -= count
    if (this.#left === 0) this.#awaits = 'end of data'
    return count
  }

  #grow(text: string): void {
    this.#line += text
    if (this.#line.length > MOST_LINE) throw noResponse('a line between chunks is too long')
  }

  /** The line without its end. */
  #cut(): string {
    if (!this.#line.endsWith('\r')) throw noResponse('a line between chunks has no end')
    const line = this.#line.slice(0, -1)
    this.#line = ''
    return line
  }

  #isLast(line: string): boolean {
    if (this.#awaits === 'trailer') return this.#isLastTrailer(line)
    if (this.#awaits === 'end of data') {
      if (line !== '') throw noResponse('a chunk is longer than it says')
      this.#awaits = 'size'
      return false
    }
    const size = SIZE.exec(line)?.[1]
    if (size === undefined) throw noResponse('a chunk says no size')
    this.#left = Number.parseInt(size, 16)
    this.#awaits = this.#left === 0 ? 'trailer' : 'data'
    return false
  }

  #isLastTrailer(line: string): boolean {
    this.#trailers += line.length
    if (this.#trailers > MOST_TRAILERS) throw noResponse('the trailers are too long')
    return line === ''
  }
}
