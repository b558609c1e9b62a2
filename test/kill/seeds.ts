import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLUSTER, openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { killEvening, type Outcome } from './evening.js'
import type { Killing } from './processes.js'

/** The size of an evening; small in CI, larger at night. */
export interface Size {
  readonly buyers: number
  readonly pieces: number
  readonly killing: Killing
}

/** An evening on PostgreSQL, three processes on one database of their own. `freshUrl` names an empty one. */
export async function onPostgres(seed: number, freshUrl: () => Promise<string>, size: Size): Promise<Outcome> {
  const url = await freshUrl()
  return killEvening({
    ...{ ...size, seed, processes: 3, env: { DATABASE_URL: url } },
    open: () => Promise.resolve(openPostgres({ url, pool: 4 })),
  })
}

/** An evening on the embedded database, which one process has at a time. `template` is an initialised directory. */
export async function onPglite(seed: number, template: string, size: Size): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'daihuo-kill-'))
  try {
    await cp(join(template, CLUSTER), join(dir, CLUSTER), { recursive: true })
    return await killEvening({
      ...{ ...size, seed, processes: 1, env: { KILL_DIR: dir } },
      open: () => openPglite({ dir }),
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
