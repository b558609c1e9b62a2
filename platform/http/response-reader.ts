import { Failure } from '../failure.js'
import { CALL_FAILURES } from './call.js'
import { ChunkedBody } from './chunked-body.js'
import type { Posted } from './poster.js'
import { readHead, type ResponseHead } from './response-head.js'

const MOST_HEAD = 32_768
const HEAD_END = Buffer.from('\r\n\r\n')
const EMPTY = Buffer.alloc(0)

/**
 * Reads one response off a connection, however its bytes are cut (RFC 9112, sections 4 to 7). The bytes that it is given may be
 * overwritten afterwards: what it keeps it copies. Throws a `Failure` of CALL_FAILURES for what is no response, or too large.
 */
export class ResponseReader {
  readonly #mostBytes: number
  #early: Buffer = EMPTY
  #head: ResponseHead | null = null
  #body: Buffer = EMPTY
  #filled = 0
  #chunked: ChunkedBody | null = null
  #untilEnd: Buffer[] | null = null
  #rest: Buffer = EMPTY

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** True when the response is whole. */
  take(bytes: Buffer): boolean {
    if (this.#head !== null) return this.#takeBody(this.#head, bytes)
    let rest = this.#early.length === 0 ? bytes : Buffer.concat([this.#early, bytes])
    for (;;) {
      const end = rest.indexOf(HEAD_END)
      if (end < 0) {
        if (rest.length > MOST_HEAD) throw new Failure(CALL_FAILURES.tooLarge, `a head is over ${MOST_HEAD} bytes`)
        this.#early = Buffer.from(rest)
        return false
      }
      const head = readHead(rest.toString('latin1', 0, end))
      rest = rest.subarray(end + HEAD_END.length)
      if (head.status < 200) continue // an interim response: the one that counts follows
      this.#head = head
      return this.#begin(head, rest)
    }
  }

  /** The connection has ended: true when that was the end of the response as well. */
  end(): boolean {
    if (this.#untilEnd === null) return false
    this.#body = Buffer.concat(this.#untilEnd, this.#filled)
    return true
  }

  /** What was read, once it is whole. */
  get posted(): Posted {
    return {
      status: this.#head?.status ?? 0,
      contentType: this.#head?.contentType ?? null,
      contentEncoding: this.#head?.contentEncoding ?? null,
      body: this.#body,
    }
  }

  /** What came behind it; to be read before the bytes are overwritten. */
  get rest(): Buffer {
    return this.#rest
  }

  /** For how long the connection can serve another post; 0 when it cannot. */
  get reusableMs(): number {
    return this.#untilEnd === null ? (this.#head?.idleMs ?? 0) : 0
  }

  #begin(head: ResponseHead, rest: Buffer): boolean {
    if (head.isEmpty) return this.#over(rest)
    if (head.isChunked) this.#chunked = new ChunkedBody(this.#mostBytes)
    else if (head.length === null) this.#untilEnd = []
    else {
      this.#bound(head.length)
      if (rest.length >= head.length) {
        this.#body = Buffer.from(rest.subarray(0, head.length))
        return this.#over(rest.subarray(head.length))
      }
      this.#body = Buffer.allocUnsafe(head.length)
    }
    return this.#takeBody(head, rest)
  }

  #takeBody({ length }: ResponseHead, bytes: Buffer): boolean {
    if (this.#chunked !== null) {
      const rest = this.#chunked.take(bytes)
      if (rest === null) return false
      this.#body = this.#chunked.whole
      return this.#over(rest)
    }
    if (this.#untilEnd !== null) {
      this.#filled += bytes.length
      this.#bound(this.#filled)
      this.#untilEnd.push(Buffer.from(bytes))
      return false
    }
    const taken = bytes.copy(this.#body, this.#filled)
    this.#filled += taken
    return this.#filled === length && this.#over(bytes.subarray(taken))
  }

  #over(rest: Buffer): true {
    this.#rest = rest
    return true
  }

  #bound(bytes: number): void {
    if (bytes > this.#mostBytes)
      throw new Failure(CALL_FAILURES.tooLarge, `the answer is over ${this.#mostBytes} bytes`)
  }
}
