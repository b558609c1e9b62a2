// What a process and its children have used: the scheduler counts in nanoseconds, where /proc/PID/stat has hundredths of a second.
import { readdirSync, readFileSync } from 'node:fs'

export function usage(pid) {
  const own = of(pid)
  for (const child of childrenOf(pid)) {
    const its = usage(child)
    own.cpu += its.cpu
    own.rss += its.rss
  }
  return own
}

function of(pid) {
  let nanos = 0
  for (const task of readdirSync(`/proc/${pid}/task`))
    nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpu: nanos / 1e9, rss: Number(rss?.[1] ?? 0) / 1024 }
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
}
