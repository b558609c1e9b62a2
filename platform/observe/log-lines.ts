import { writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { systemClock } from '../time/clock.js'

/** Where the lines of a log go, never in the way of whoever writes them. */
export interface LogLines {
  write(line: string): void
  /** Resolves when all is out, or when nobody has taken it for a while. */
  flush(): Promise<void>
  /** What has not been handed on yet, out at once; for the very end, when nothing is waited for any more. */
  flushNow(fd: number): void
}

/** Lines travel together: after so long, or when they are so many. */
const TOGETHER_MS = 50
const TOGETHER_CHARS = 65_536
/** How long the end waits for a reader who does not read. */
const FAREWELL_MS = 500

/**
 * A log that is written where it is told costs each request a system call, and stops the process when its pipe is full and nobody reads. This
 * one holds a bounded number of characters, and drops (and counts) the newest lines when there are more.
 */
export function logLines(stream: Writable, mostChars: number, dropped: () => void): LogLines {
  let lines: string[] = []
  let chars = 0
  let cancel: (() => void) | null = null
  stream.on('error', () => undefined) // a log that nobody can hear is no reason to stop

  function handOn(told?: () => void): void {
    cancel?.()
    cancel = null
    if (lines.length === 0 && told === undefined) return
    const text = lines.join('')
    lines = []
    chars = 0
    stream.write(text, () => told?.())
  }

  return {
    write(line) {
      if (chars + stream.writableLength + line.length > mostChars) {
        dropped()
        return
      }
      lines.push(line)
      chars += line.length
      if (chars > TOGETHER_CHARS) handOn()
      else cancel ??= systemClock.after(TOGETHER_MS, () => handOn())
    },
    flush: () =>
      new Promise((resolve) => {
        const cancelWaiting = systemClock.after(FAREWELL_MS, resolve)
        handOn(() => {
          cancelWaiting()
          resolve()
        })
      }),
    flushNow(fd) {
      try {
        writeSync(fd, lines.splice(0).join(''))
      } catch {
        // the pipe is full or gone, and there is no more time
      }
    },
  }
}
