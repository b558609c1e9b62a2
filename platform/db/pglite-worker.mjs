/**
 * The embedded database's own thread: a batch of jobs in -> each done in order -> one batch of answers out.
 * Plain JavaScript, so that the built program and the tests start the same file. It decides nothing: who may send what is the gate's.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { PARSERS } from './values.mjs'

/** @typedef {{ id: number, sql: string, values: (string | null)[] }} Job */

const { dir, sharedBuffers } = /** @type {{ dir: string, sharedBuffers: string }} */ (workerData)

const pglite = await PGlite.create({
  dataDir: dir,
  // Its own default of 128 MB is kept twice in memory; 16 MB brings the process from 320 to 180.
  postgresqlconf: [`shared_buffers=${sharedBuffers}`, 'timezone=UTC'],
  // Parameters come as PostgreSQL's text already.
  serializers: { 17: (bytes) => bytes },
})
Object.assign(pglite.parsers, Object.fromEntries(PARSERS)) // only now: its start names its own array parsers

/** @param {Job} job */
async function answer({ id, sql, values }) {
  try {
    const { rows, rowCount, command } = await pglite.query(sql, values)
    return { id, rows, count: rowCount ?? 0, command: command ?? '' }
  } catch (error) {
    return { id, error: told(error) }
  }
}

/** @param {unknown} error */
function told(error) {
  if (!(error instanceof Error)) return { message: String(error) }
  const { message, code, constraint } = /** @type {Error & { code?: string, constraint?: string }} */ (error)
  return { message, code, constraint }
}

/** @param {readonly Job[]} jobs */
async function work(jobs) {
  const answers = []
  for (const job of jobs) answers.push(await answer(job))
  parentPort?.postMessage(answers)
}

let last = Promise.resolve()
parentPort?.on('message', (jobs) => {
  last = jobs === null ? last.then(end) : last.then(() => work(jobs))
})
parentPort?.postMessage([])

async function end() {
  await pglite.close()
  parentPort?.close()
}
