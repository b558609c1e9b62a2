// Loaded into the measured gateway by `--import`: tells how late its event loop was since the last question, and how much it
// remembers after a collection (`--expose-gc`). On a machine with other work a loop is late also because others have the core, so
// that it tells as well how much CPU its own thread used at most between two looks: what the lateness would be with a core of its own.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
let busiestMs = 0
let usedBefore = usedByLoop()
setInterval(() => {
  const now = usedByLoop()
  busiestMs = Math.max(busiestMs, now - usedBefore)
  usedBefore = now
}, RESOLUTION_MS).unref()

/** The scheduler's figure of the first thread alone, which runs the event loop; the collector's and the compiler's helpers are not in it. */
function usedByLoop() {
  return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e6
}

function used() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

createServer((request, response) => {
  const lateMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
  const p99Ms = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
  const cpuMs = busiestMs
  delay.reset()
  if (request.url === '/collected') globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  response.end(
    JSON.stringify({ lateMs, p99Ms, cpuMs, usedMs: used(), heapMiB: heapUsed / 2 ** 20, rssMiB: rss / 2 ** 20 }),
  )
  delay.reset()
  usedBefore = usedByLoop()
  busiestMs = 0
})
  .listen(Number(process.env.PROBE_PORT ?? 4599), '127.0.0.1')
  .unref()
