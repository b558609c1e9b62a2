import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SharedAnswer } from '../../live/shared-answer.js'
import { SharedWrite, type Addressee, type Told } from './shared-write.js'

const to = (id: string): Addressee => ({ id: JSON.stringify(id), idBytes: Buffer.byteLength(JSON.stringify(id)) })

/** Messages of whole, unmasked text frames (RFC 6455, section 5.2). */
function read(bytes: Buffer): unknown[] {
  const messages: unknown[] = []
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x81)
    const short = bytes[at + 1] ?? 0
    const [from, length] =
      short === 126
        ? [at + 4, bytes.readUInt16BE(at + 2)]
        : short === 127
          ? [at + 10, Number(bytes.readBigUInt64BE(at + 2))]
          : [at + 2, short]
    messages.push(JSON.parse(bytes.toString('utf8', from, from + length)))
    at = from + length
  }
  return messages
}

describe('a shared write', () => {
  it('tells each line its own ids and all of them the same answers', () => {
    const body = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ minLength: 100, maxLength: 300 }),
      fc.constant('é'.repeat(40_000)),
    )
    const crowd = fc.array(
      fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }), fc.nat(2)), {
        minLength: 1,
        maxLength: 3,
      }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(fc.tuple(body, body, body), crowd, (bodies, lines) => {
        const answers = bodies.map((text) => new SharedAnswer(JSON.stringify({ data: text })))
        const shared = new SharedWrite()
        for (const line of lines) {
          const told = line.map(([id, at]): Told => ({ to: to(id), answer: answers[at] ?? new SharedAnswer('{}') }))
          const [first, ...more] = told
          if (first === undefined) continue
          const chunks: Buffer[] = []
          const raw = new PassThrough()
          raw.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)))
          shared.write(raw, first.to, first.answer, more.length === 0 ? null : more)
          raw.read()
          expect(read(Buffer.concat(chunks))).toEqual(
            line.map(([id, at]) => ({ id, type: 'next', payload: { data: bodies[at] } })),
          )
        }
      }),
    )
  })

  it('leaves bytes alone that a slow line still holds', () => {
    const shared = new SharedWrite()
    const answer = new SharedAnswer('{"data":1}')
    const slow = new PassThrough({ highWaterMark: 1 })
    const lines = ['a', 'b', 'c'].map((id): Told => ({ to: to(id), answer }))
    for (const { to, answer } of lines) expect(shared.write(slow, to, answer, null)).toBe(false)
    const all: Buffer[] = []
    for (let chunk = slow.read() as Buffer | null; chunk !== null; chunk = slow.read() as Buffer | null) all.push(chunk)
    expect(read(Buffer.concat(all))).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c' }])
  })
})
