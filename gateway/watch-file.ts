import { readFile } from 'node:fs/promises'
import { repeat, type Cancel, type Clock } from '../platform/time/clock.js'

/** What is watched, and who is told. */
export interface WatchedFile {
  readonly path: string
  /** What was read of it at the start. */
  readonly text: string
  readonly changed: (text: string) => void
}

/** Looks at a small file twice a second: that sees a file that was replaced as well as one that was written into, on every system. */
export function watchFile({ path, text, changed }: WatchedFile, clock: Clock): Cancel {
  let known = text
  return repeat(clock, 500, async () => {
    const now = await readFile(path, 'utf8').catch(() => known) // between two versions it may be missing
    if (now === known || now === '') return
    known = now
    changed(now)
  })
}
