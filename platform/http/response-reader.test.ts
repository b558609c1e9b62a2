import { describe, expect, it } from 'vitest'
import { ResponseReader } from './response-reader.js'

const OK = 'HTTP/1.1 200 OK\r\n'
const MOST = 64

/** What is read of these bytes, given in two parts; the buffer is overwritten after each, as a socket's is. */
function read(text: string, cut = text.length, ends = false): object | null {
  const reader = new ResponseReader(MOST)
  const bytes = Buffer.from(text, 'latin1')
  const parts = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0)
  let isWhole = false
  for (const part of parts) {
    const shared = Buffer.from(part)
    isWhole = reader.take(shared)
    shared.fill('#')
  }
  isWhole ||= ends && reader.end()
  const { status, contentType, body } = reader.posted
  return isWhole ? { status, contentType, body: body.toString(), reusableMs: reader.reusableMs } : null
}

const whole = (body: string, reusableMs = 4_000, contentType: string | null = null) => ({
  ...{ status: 200, contentType, body, reusableMs },
})

describe('a response', () => {
  it.each([
    ['has the length that it says', `${OK}Content-Length: 3\r\n\r\nabc`, whole('abc')],
    [
      'tells its type',
      `${OK}content-type:  application/json \r\nX: y\r\ncontent-length: 0\r\n\r\n`,
      whole('', 4_000, 'application/json'),
    ],
    [
      'may come in chunks',
      `${OK}transfer-encoding: Chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`,
      whole('abcde'),
    ],
    ['may have trailers', `${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n`, whole('a')],
    [
      'may follow an interim one',
      `HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n${OK}content-length: 1\r\n\r\na`,
      whole('a'),
    ],
    ['ends its connection when it says so', `${OK}connection: close\r\ncontent-length: 1\r\n\r\na`, whole('a', 0)],
    [
      'leaves its connection a little less long than it says',
      `${OK}keep-alive: timeout=5\r\ncontent-length: 1\r\n\r\na`,
      whole('a'),
    ],
  ])('%s, wherever it is cut', (_what, text, expected) => {
    for (let cut = 1; cut <= text.length; cut++) {
      expect(read(text, cut), `cut at ${cut}`).toEqual(expected)
    }
  })

  it('leaves what comes behind it to the next one', () => {
    const reader = new ResponseReader(MOST)
    expect(reader.take(Buffer.from(`${OK}content-length: 1\r\n\r\nabc`))).toBe(true)
    expect([reader.posted.body.toString(), reader.rest.toString()]).toEqual(['a', 'bc'])
  })

  it('has no body when its status says so', () => {
    expect(read('HTTP/1.1 204 No Content\r\n\r\n')).toEqual({ ...whole(''), status: 204 })
  })

  it('ends with its connection when it says no length', () => {
    expect(read(`${OK}\r\nabc`)).toBeNull()
    expect(read(`${OK}\r\nabc`, 20, true)).toEqual(whole('abc', 0))
  })

  it('is not whole when its connection ends too early', () => {
    expect(read(`${OK}content-length: 4\r\n\r\nabc`, 9, true)).toBeNull()
  })

  it.each([
    ['other protocols', 'SSH-2.0-x\r\n\r\n'],
    ['two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ['a length and chunks', `${OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['a length that is none', `${OK}content-length: -1\r\n\r\n`],
    ['a name with a blank', `${OK}content-length : 1\r\n\r\na`],
    ['a folded line', `${OK}x: y\r\n z: w\r\n\r\n`],
    ['a bare line end', `${OK}x: y\nz: w\r\n\r\n`],
    ['an unknown encoding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n`],
    ['a chunk without a size', `${OK}transfer-encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk longer than it says', `${OK}transfer-encoding: chunked\r\n\r\n1\r\nabc\r\n`],
  ])('S23 is refused for %s', (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'CALL_UNREACHABLE' }))
  })

  it.each([
    ['a length', `${OK}content-length: 65\r\n\r\n`],
    ['chunks', `${OK}transfer-encoding: chunked\r\n\r\n41\r\n${'x'.repeat(65)}\r\n`],
    ['no end', `${OK}\r\n${'x'.repeat(65)}`],
    ['an endless head', `${OK}x: ${'y'.repeat(40_000)}`],
  ])('S23 is refused for being larger than allowed, with %s', (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'CALL_TOO_LARGE' }))
  })
})
