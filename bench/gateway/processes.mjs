// Starting, watching and stopping the processes of a bench: the measured one on core 0, all others on core 1.
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TICKS_PER_SECOND = 100

export async function started(core, command, args, { env = {}, ready }) {
  // Else what an earlier run left behind would be measured in its place.
  if (await ready().catch(() => false))
    throw new Error(`before ${args.join(' ')} began, somebody else answered in its place`)
  // Into a file: whoever measures is busy for seconds, and a pipe that nobody empties stops the process that writes to it.
  const log = join(mkdtempSync(join(tmpdir(), 'bench-log-')), 'log')
  const out = openSync(log, 'w')
  const child = spawn('taskset', ['-c', String(core), command, ...args], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', out, out],
  })
  const said = () => readFileSync(log, 'utf8').slice(-4000)
  child.on(
    'exit',
    (code) => code && !child.killed && console.error(`${command} ${args.join(' ')} ended with ${code}:\n${said()}`),
  )
  return waitFor(ready, said).then(
    () => child,
    (error) => {
      child.kill('SIGKILL') // it would have the core of whoever comes next
      throw error
    },
  )
}

async function waitFor(ready, said) {
  for (let tries = 0; tries < 300; tries++) {
    if (await ready().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not ready after 30 s:\n${said()}`)
}

export async function stopped(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3000)
  await ended
  clearTimeout(late)
}

/** Seconds of CPU that the process has used since it began, and its resident memory in MiB. */
export function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, rss: Number(rss?.[1] ?? 0) / 1024 }
}
