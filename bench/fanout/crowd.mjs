// The viewers' processes as one: orders go to all of them, their answers are added up.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** So many sockets fit into one process and its file descriptors. */
const MOST_SOCKETS = 9_000

export async function crowdOf(viewers, core) {
  const count = Math.max(1, Math.ceil(viewers / MOST_SOCKETS))
  const shares = Array.from({ length: count }, (_, at) => Math.trunc((viewers + at) / count))
  const processes = shares.map(() =>
    spawn('taskset', ['-c', String(core), process.execPath, join(import.meta.dirname, 'load.mjs')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  )
  await Promise.all(processes.map((child) => answerOf(child, 30_000)))
  const all = (order, timeoutMs = 30_000) =>
    Promise.all(
      processes.map(async (child, at) => {
        // Whoever gave up on a gateway has sent the viewers away while their tally was still asked for.
        if (!child.connected) throw new Error('the viewers have gone')
        const answer = answerOf(child, timeoutMs)
        child.send(typeof order === 'function' ? order(at) : order)
        return answer
      }),
    )
  return {
    /** Opens all, `atOnce` of them under way at a time; with `hold` they wait with their subscription. */
    open: ({ port, rooms, groups, hold = false, atOnce = 200 }, timeoutMs = 300_000) =>
      all(
        (at) => ({
          open: { port, rooms, groups, hold, atOnce, viewers: shares[at], first: at, step: count },
        }),
        timeoutMs,
      ),
    subscribe: () => all({ subscribe: true }, 120_000),
    churn: async (order) => sum(await all({ churn: { ...order, perSecond: order.perSecond / count } }, 600_000)),
    /** One of so many reads no more; how many that are. */
    stall: async (every) => sum(await all({ stall: { every } })).stalled,
    cut: () => all({ cut: true }),
    count: (from) => all({ count: { from } }),
    tell: async () => sum(await all({ tell: true }, 120_000)),
    async finish() {
      const parts = await all({ finish: true }, 120_000)
      return {
        ...sum(parts),
        latency: percentiles(parts.flatMap(({ filled }) => filled)),
        busy: Math.max(...parts.map(({ busy }) => busy)),
      }
    },
    end() {
      for (const child of processes) child.disconnect()
    },
  }
}

function answerOf(child, timeoutMs) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the viewers did not answer within ${timeoutMs} ms`)), timeoutMs)
    child.once('message', (message) => {
      clearTimeout(late)
      resolve(message)
    })
  })
}

function sum(parts) {
  const total = {}
  for (const part of parts)
    for (const [key, value] of Object.entries(part))
      if (typeof value === 'number') total[key] = (total[key] ?? 0) + value
  return total
}

function percentiles(filled) {
  const sorted = filled.toSorted(([a], [b]) => a - b)
  const all = sorted.reduce((total, [, count]) => total + count, 0)
  const at = (share) => {
    let below = 0
    for (const [bucket, count] of sorted) if ((below += count) >= share * all) return (bucket + 0.5) / 10
    return 0
  }
  return { p50: at(0.5), p99: at(0.99) }
}
