import { parentPort, workerData } from 'node:worker_threads'
import { errandRunner } from './run-errand.js'
import { READY, type AsideRules, type Brought, type Sent } from './messages.js'

/** The thread beside the gateway's: one errand after the other, told as it was sent. Both ends are our own, so nothing is decoded. */
const run = errandRunner(workerData as AsideRules)
parentPort?.postMessage(READY)

parentPort?.on('message', ({ id, errand }: Sent) => {
  parentPort?.postMessage({ id, outcome: run(errand) } satisfies Brought)
})
