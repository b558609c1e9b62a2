import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { compile } from '../support/compile.js'
import { missing } from '../support/databases.js'
import { killLive } from './live-evening.js'

/** `npm run kill:live` does the same at length. */
const SIZE = { seed: 1, events: 240, viewers: 6, kills: 8, leaving: 0.1 }

describe('a room whose gateways, subgraphs, Redis and PostgreSQL are killed while it is watched', () => {
  beforeAll(compile)

  if (inject('postgresUrl') === null || inject('redisUrl') === null)
    missing('PostgreSQL and Redis', () => it.todo('R21 R23 loses nothing'))
  else
    it('R21 R23 starts without Redis, and ends, for every viewer who comes back to whichever gateway, with exactly the published history', async () => {
      const dir = await mkdtemp(join(tmpdir(), 'daihuo-kill-live-'))
      try {
        const progress = { add: () => undefined, killed: () => undefined }
        const { complaints, killed, visits } = await killLive({ ...SIZE, dir, progress })
        expect(complaints).toEqual([])
        expect(new Set(killed).size).toBe(SIZE.kills)
        expect(visits).toBeGreaterThan(SIZE.viewers)
      } finally {
        await rm(dir, { recursive: true, force: true })
      }
    }, 420_000)
})
