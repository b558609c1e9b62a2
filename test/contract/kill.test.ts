import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { CLUSTER, openPglite } from '../../platform/db/pglite.js'

const WORKER = pathToFileURL(join(import.meta.dirname, '../../platform/db/pglite-worker.mjs')).href

/** A process of its own over the same worker: transactions of two statements one after another, each number said once it is acknowledged. */
const WRITER = `
import { Worker } from 'node:worker_threads'
const worker = new Worker(new URL(${JSON.stringify(WORKER)}), { workerData: { dir: process.argv[2], sharedBuffers: '16MB' } })
const heard = () => new Promise((resolve) => worker.once('message', resolve))
const ask = async (...sqls) => {
  worker.postMessage(sqls.map((sql, id) => ({ id, sql, values: [] })))
  for (const { error } of await heard()) if (error) throw new Error(error.message)
}
await heard()
await ask('create table if not exists pair (id int, half int)')
for (let id = Number(process.argv[3]); ; id++) {
  await ask('begin', 'insert into pair values (' + id + ', 1)', 'insert into pair values (' + id + ', 2)', 'commit')
  console.log(id)
}
`

describe('the embedded database', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-kill-'))
    await cp(join(inject('pgliteTemplate'), CLUSTER), join(dir, CLUSTER), { recursive: true })
    await writeFile(join(dir, 'writer.mjs'), WRITER)
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  /** Writes from a number on until some are acknowledged, and is killed in the middle of its work; gives what was acknowledged. */
  async function writeAndKill(from: number): Promise<readonly number[]> {
    const child: ChildProcess = spawn(process.execPath, [join(dir, 'writer.mjs'), join(dir, CLUSTER), String(from)])
    const acknowledged: number[] = []
    if (child.stdout === null) throw new Error('the writer has no voice')
    for await (const line of createInterface(child.stdout))
      if (acknowledged.push(Number(line)) === 25) child.kill('SIGKILL')
    return acknowledged
  }

  it(
    'R04 loses nothing acknowledged and keeps no half transaction when its process is killed, and killed again',
    { timeout: 60_000 },
    async () => {
      const acknowledged: number[] = []
      for (let round = 1; round <= 2; round++) acknowledged.push(...(await writeAndKill(round * 100_000)))
      const db = await openPglite({ dir })
      const { rows } = await db.query<{ id: number; halves: number }>(
        'select id, count(*) as halves from pair group by id',
      )
      await db.close()
      expect(acknowledged.length).toBeGreaterThanOrEqual(50)
      expect(rows.filter(({ halves }) => halves !== 2)).toEqual([])
      const kept = new Set(rows.map(({ id }) => id))
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    },
  )
})
