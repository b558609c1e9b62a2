import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { SharedAnswer } from '../../live/shared-answer.js'
import { Line, type LineSocket } from './line.js'

const SOCKET: LineSocket = {
  readyState: 1,
  OPEN: 1,
  send: () => undefined,
  close: () => undefined,
  terminate: () => undefined,
  ping: () => undefined,
  pong: () => undefined,
}

interface Scene {
  readonly line: Line
  /** What was written, a text for each write. */
  readonly writes: readonly string[]
}

function scene(): Scene {
  const raw = new PassThrough()
  const writes: string[] = []
  raw.on('data', (bytes: Buffer) => writes.push(bytes.toString('latin1')))
  return { writes, line: new Line(SOCKET, raw, { mostBacklog: 1_000_000, full: () => undefined }) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const to = { id: '"1"', idBytes: 3 }

describe('a line', () => {
  it('that is told several events within a tick writes them in one piece, in their order', async () => {
    const scenes = [scene(), scene()]
    const answers = [1, 2, 3].map((seq) => new SharedAnswer(`{"data":${seq}}`))
    for (const answer of answers) for (const { line } of scenes) line.tell(to, answer)
    expect(scenes.map(({ writes }) => writes.length)).toEqual([0, 0])
    await turn()
    await turn()
    for (const { writes } of scenes) {
      expect(writes.length).toBe(1)
      expect([...(writes[0] ?? '').matchAll(/"data":(\d)/g)].map(([, seq]) => seq)).toEqual(['1', '2', '3'])
    }
  })

  it('is one of many thousand that are written to by slices, with the thread free in between', async () => {
    const scenes = Array.from({ length: 1_500 }, scene)
    const answer = new SharedAnswer('{"data":1}')
    for (const { line } of scenes) line.tell(to, answer)
    const written: number[] = []
    for (let at = 0; at < 3; at++) {
      await turn()
      written.push(scenes.filter(({ writes }) => writes.length > 0).length)
    }
    expect(written.at(-1)).toBe(1_500)
    expect(written[0]).toBeLessThanOrEqual(1_000)
  })

  it('knows, once, whether it was told something since it was last asked', async () => {
    const { line } = scene()
    expect(line.wasTold()).toBe(false)
    line.tell(to, new SharedAnswer('{"data":1}'))
    await turn()
    expect([line.wasTold(), line.wasTold()]).toEqual([true, false])
  })

  it('that the kernel does not take from tells how much waits, also after it was empty', async () => {
    const raw = new PassThrough({ highWaterMark: 1 })
    const line = new Line(SOCKET, raw, { mostBacklog: 1_000_000, full: () => undefined })
    const answer = new SharedAnswer('{"data":1}')
    for (let at = 0; at < 2; at++) {
      line.tell(to, answer)
      await turn()
    }
    expect(line.backlog).toBe(raw.writableLength)
    expect(line.backlog).toBeGreaterThan(0)
    expect(line.wasTold()).toBe(false)
  })
})
