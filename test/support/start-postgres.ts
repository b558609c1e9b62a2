import { execFile, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { postgresPrograms } from '../../scripts/house/servers.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import { ended, saying, startServer, type MortalServer, type Server } from './server.js'

const run = promisify(execFile)

/** A private cluster in a directory of its own, reached by a socket file, without any care for the disk; null where it is missing. */
export function startPostgres(dir: string): Promise<Server | null> {
  return startCluster(dir, { shared_buffers: '64MB', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
}

/** The same with PostgreSQL's own settings, which lose nothing when the power fails; for measuring. */
export function startDurablePostgres(dir: string): Promise<Server | null> {
  return startCluster(dir, {})
}

/** A durable one that may be killed, and begun again on what it had written: call it again with the same directory. */
export async function startMortalPostgres(dir: string): Promise<MortalServer | null> {
  const cluster = await clusterIn(dir)
  if (cluster === null) return null
  const child = await again(() => begun(cluster, {}))
  return { ...serverOf(cluster, child), kill: () => killed(child) }
}

async function startCluster(dir: string, chosen: Readonly<Record<string, string>>): Promise<Server | null> {
  const cluster = await clusterIn(dir)
  return cluster === null ? null : serverOf(cluster, await begun(cluster, chosen))
}

/** Where a cluster's programs and files are, and as whom it runs. */
interface Cluster {
  readonly bin: string
  readonly home: string
  readonly data: string
  readonly user: { readonly uid: number; readonly gid: number } | null
}

/** The cluster that stands in the directory, made there the first time. */
async function clusterIn(dir: string): Promise<Cluster | null> {
  const bin = postgresPrograms()
  if (bin === null) return null
  const home = join(dir, 'postgres')
  const cluster = { bin, home, data: join(home, 'data'), user: await owner() }
  if (!existsSync(home)) await make(cluster, dir)
  return cluster
}

async function make({ bin, home, data, user }: Cluster, dir: string): Promise<void> {
  await mkdir(home, { mode: 0o700 })
  if (user !== null) await Promise.all([chown(home, user.uid, user.gid), chown(dir, user.uid, user.gid)])
  const init = ['-D', data, '--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust', '-U', 'postgres', '--no-sync']
  await run(join(bin, 'initdb'), init, { ...user, cwd: home })
}

async function begun(
  { bin, home, data, user }: Cluster,
  chosen: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const args = ['-D', data, ...settings({ ...socketOnly(home), ...chosen })]
  const child = startServer(join(bin, 'postgres'), args, { ...user, cwd: home })
  await saying(child, 'ready to accept connections')
  return child
}

function serverOf({ home }: Cluster, child: ChildProcess): Server {
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(home)}`,
    stop: () => ended(child, 'SIGINT'), // a fast shutdown
  }
}

/** Whoever serves a connection is a process of its own, and would see its statement through after the first is gone. */
async function killed(child: ChildProcess): Promise<void> {
  const serving = await readFile(`/proc/${child.pid ?? 0}/task/${child.pid ?? 0}/children`, 'utf8').catch(() => '')
  const gone = ended(child, 'SIGKILL')
  for (const pid of serving.split(' ').filter((text) => text !== '')) kill(Number(pid))
  await gone
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it was gone already
  }
}

const MOST_STARTS = 50

/** PostgreSQL does not begin while a process of its former life still holds the shared memory. */
async function again<T>(start: () => Promise<T>): Promise<T> {
  for (let left = MOST_STARTS; ; left--)
    try {
      return await start()
    } catch (error) {
      if (left === 0) throw error
      await pause(systemClock, 100)
    }
}

function socketOnly(home: string) {
  return { listen_addresses: '', unix_socket_directories: home, max_connections: '300' }
}

function settings(chosen: Readonly<Record<string, string>>): string[] {
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** PostgreSQL refuses root; then it runs as its own user. */
async function owner(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}
