import { redisProgram } from '../../scripts/house/servers.js'
import { freePort } from '../../platform/http/free-port.js'
import { ended, saying, startServer, type MortalServer } from './server.js'

/** A private Redis on a free port of this machine, keeping nothing on the disk; null where it is missing. */
export async function startRedis(dir: string, port?: number): Promise<MortalServer | null> {
  const program = redisProgram()
  if (program === null) return null
  const chosen = port ?? (await freePort())
  const settings = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
  const child = startServer(program, settings, {})
  await saying(child, 'Ready to accept connections')
  return {
    url: `redis://127.0.0.1:${chosen}`,
    stop: () => ended(child, 'SIGTERM'),
    kill: () => ended(child, 'SIGKILL'),
  }
}
