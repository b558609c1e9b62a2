import { spawn, type ChildProcess } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { logLines } from './log-lines.js'

const MOST = 200_000
let reader: ChildProcess | null = null
afterEach(() => reader?.kill('SIGKILL'))

/** A real pipe into a process that never reads. */
function deafPipe(): NodeJS.WritableStream & PassThrough {
  reader = spawn('sleep', ['60'], { stdio: ['pipe', 'ignore', 'ignore'] })
  return reader.stdin as PassThrough // asked for two lines above
}

describe('the lines of a log', () => {
  it('are all written, in order, by the end', async () => {
    const stream = new PassThrough()
    const lines = logLines(stream, MOST, () => undefined)
    for (let at = 0; at < 1_000; at++) lines.write(`${at}\n`)
    await lines.flush()
    stream.end()
    expect(await text(stream)).toBe(Array.from({ length: 1_000 }, (_, at) => `${at}\n`).join(''))
  })

  it('stop nobody when their pipe is full and nobody reads: what is too much is dropped and counted', async () => {
    const pipe = deafPipe()
    let dropped = 0
    const lines = logLines(pipe, MOST, () => dropped++)
    const line = `${'x'.repeat(999)}\n`
    for (let at = 0; at < 2_000; at++) {
      lines.write(line)
      if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await lines.flush() // ends, though nothing can go out
    expect(dropped).toBeGreaterThan(1_000)
    expect(pipe.writableLength).toBeLessThanOrEqual(MOST)
  })

  it('outlive a reader who goes away', async () => {
    const pipe = deafPipe()
    const lines = logLines(pipe, MOST, () => undefined)
    reader?.kill('SIGKILL')
    await new Promise((resolve) => reader?.once('exit', resolve))
    lines.write('x\n')
    await lines.flush()
    expect(() => lines.write('y\n')).not.toThrow()
  })
})
