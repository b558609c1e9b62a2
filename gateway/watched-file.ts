import { readFile } from 'node:fs/promises'
import { Failure } from '../platform/failure.js'
import { repeat, type Clock } from '../platform/time/clock.js'
import type { SupergraphManager } from './supergraph/managed-supergraph.js'

/** Looks at a small file twice a second: that sees a file that was replaced as well as one that was written into, on every system. */
export function watchedFile(path: string, clock: Clock): SupergraphManager {
  return {
    async initialize({ update }) {
      const supergraphSdl = await readFile(path, 'utf8').catch(() => {
        throw new Failure('SETTINGS_WRONG', `--supergraph: ${path} cannot be read`)
      })
      let known = supergraphSdl
      const stop = repeat(clock, 500, async () => {
        const now = await readFile(path, 'utf8').catch(() => known) // between two versions it may be missing
        if (now === known || now === '') return
        known = now
        update(now)
      })
      return {
        supergraphSdl,
        cleanup: () => {
          stop()
          return Promise.resolve()
        },
      }
    },
  }
}
