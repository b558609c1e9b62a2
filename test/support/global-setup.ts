import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { preparePglite } from './prepare-pglite.js'
import { startPostgres } from './start-postgres.js'
import { startRedis } from './start-redis.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** An initialised directory of the embedded database, to be copied. */
    pgliteTemplate: string
    /** A folder that goes at the end, for the databases that the test processes keep. */
    scratch: string
    /** A private PostgreSQL cluster; null where its programs are missing. */
    postgresUrl: string | null
    /** A private Redis; null where its program is missing. */
    redisUrl: string | null
  }
}

/** Starts, once for all test files, what the suites stand on; gives back the stopping. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'daihuo-test-'))
  const [template, postgres, redis] = await Promise.all([preparePglite(), startPostgres(dir), startRedis(dir)])
  project.provide('pgliteTemplate', template)
  project.provide('scratch', dir)
  project.provide('postgresUrl', postgres?.url ?? null)
  project.provide('redisUrl', redis?.url ?? null)
  return async () => {
    await Promise.all([postgres?.stop(), redis?.stop()])
    await rm(dir, { recursive: true, force: true })
  }
}
