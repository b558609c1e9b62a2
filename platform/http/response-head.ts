import { Failure } from '../failure.js'
import { CALL_FAILURES } from './call.js'

/** What of a response's head matters to whoever reads the body. */
export interface ResponseHead {
  readonly status: number
  readonly contentType: string | null
  readonly contentEncoding: string | null
  /** Bytes of the body; null when the head does not say. */
  readonly length: number | null
  readonly isChunked: boolean
  /** There is no body, whatever the head says of one. */
  readonly isEmpty: boolean
  /** How long the connection may be kept for the next request; 0 is not at all. */
  readonly idleMs: number
}

/** How long a connection is kept when the other side says nothing of it. */
const IDLE_MS = 4_000
/** Given up so much before the other side would: its farewell must not cross our next request. */
const EARLY_MS = 1_000
const MOST_IDLE_MS = 30_000

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/
/** Line ends and zeros within a line: nothing that means well writes them. */
const UNCLEAN = /\0|\r(?!\n)|(?<!\r)\n/
const DIGITS = /^\d{1,15}$/

/** Reads the text of a head, without the empty line. Throws a `Failure` for what is none (RFC 9112, sections 4 to 6). */
export function readHead(text: string): ResponseHead {
  const [, minor, status] = STATUS_LINE.exec(text) ?? []
  if (status === undefined || UNCLEAN.test(text)) throw noResponse('the head is none')
  const fields = new Fields(text)
  const isEmpty = status === '204' || status === '304'
  if (fields.length !== null && fields.isChunked) throw noResponse('the head says two lengths')
  return {
    status: Number(status),
    contentType: fields.contentType,
    contentEncoding: fields.contentEncoding,
    length: fields.length,
    isChunked: fields.isChunked,
    isEmpty,
    idleMs: (fields.closes ?? minor === '0') ? 0 : fields.idleMs,
  }
}

/** The fields that we know; others are passed over. */
class Fields {
  contentType: string | null = null
  contentEncoding: string | null = null
  length: number | null = null
  isChunked = false
  /** Null when the head does not say. */
  closes: boolean | null = null
  idleMs = IDLE_MS

  constructor(text: string) {
    let at = text.indexOf('\r\n')
    while (at >= 0) {
      const begin = at + 2
      at = text.indexOf('\r\n', begin)
      this.#line(text, begin, at < 0 ? text.length : at)
    }
  }

  #line(text: string, begin: number, end: number): void {
    const colon = text.indexOf(':', begin)
    if (colon <= begin || colon > end || isBlank(text, begin) || isBlank(text, colon - 1))
      throw noResponse('a line of the head is none')
    const known = FIELDS.get(colon - begin)
    if (known === undefined) return
    const name = text.slice(begin, colon).toLowerCase()
    if (known.includes(name)) this.#field(name, text.slice(colon + 1, end).trim())
  }

  #field(name: string, value: string): void {
    switch (name) {
      case 'content-type':
        this.contentType ??= value
        break
      case 'content-encoding':
        this.contentEncoding ??= value
        break
      case 'content-length':
        if (!DIGITS.test(value) || (this.length !== null && this.length !== Number(value)))
          throw noResponse('the length is none')
        this.length = Number(value)
        break
      case 'transfer-encoding':
        if (value.toLowerCase() !== 'chunked' || this.isChunked) throw noResponse('the encoding is unknown')
        this.isChunked = true
        break
      case 'connection': {
        const options = value.toLowerCase()
        if (options.includes('close')) this.closes = true
        else if (options.includes('keep-alive')) this.closes ??= false
        break
      }
      case 'keep-alive':
        this.idleMs = idleMsOf(value)
    }
  }
}

/** The names by their lengths: most lines are passed over without being cut. */
const FIELDS: ReadonlyMap<number, readonly string[]> = new Map([
  [10, ['connection', 'keep-alive']],
  [12, ['content-type']],
  [14, ['content-length']],
  [16, ['content-encoding']],
  [17, ['transfer-encoding']],
])

function idleMsOf(keepAlive: string): number {
  const seconds = /timeout=(\d{1,6})/i.exec(keepAlive)?.[1]
  return seconds === undefined ? IDLE_MS : Math.max(0, Math.min(Number(seconds) * 1000 - EARLY_MS, MOST_IDLE_MS))
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 0x20 || code === 0x09
}

/** What came is no HTTP response. */
export function noResponse(why: string): Failure {
  return new Failure(CALL_FAILURES.unreachable, 'no answer', { cause: new Error(why) })
}
