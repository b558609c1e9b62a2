import { execFile } from 'node:child_process'
import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { postgresPrograms } from '../../scripts/house/servers.js'
import { ended, saying, startServer, type Server } from './server.js'

const run = promisify(execFile)

/** A private cluster in a directory of its own, reached by a socket file, without any care for the disk; null where it is missing. */
export async function startPostgres(dir: string): Promise<Server | null> {
  const bin = postgresPrograms()
  if (bin === null) return null
  const home = join(dir, 'postgres')
  const user = await owner()
  await mkdir(home, { mode: 0o700 })
  if (user !== null) await Promise.all([chown(home, user.uid, user.gid), chown(dir, user.uid, user.gid)])
  const data = join(home, 'data')
  const init = ['-D', data, '--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust', '-U', 'postgres', '--no-sync']
  await run(join(bin, 'initdb'), init, { ...user, cwd: home })
  const child = startServer(join(bin, 'postgres'), ['-D', data, ...settings(home)], { ...user, cwd: home })
  await saying(child, 'ready to accept connections')
  return {
    url: `postgres://postgres@/postgres?host=${encodeURIComponent(home)}`,
    stop: () => ended(child, 'SIGINT'), // a fast shutdown
  }
}

function settings(home: string): string[] {
  const chosen = {
    listen_addresses: '',
    unix_socket_directories: home,
    max_connections: '300',
    shared_buffers: '64MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** PostgreSQL refuses root; then it runs as its own user. */
async function owner(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}
