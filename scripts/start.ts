import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { helpFor, readSettings } from '../platform/config/read-settings.js'
import { Failure } from '../platform/failure.js'
import { startEmbedded } from './start/embedded.js'
import { START_SETTINGS, type StartSettings } from './start/settings.js'
import { describeAll } from './start/shop.js'

/** `npm start`: the whole shop in one process, with a demo in it at the first start. */
const GRACE_MS = 9_500

if (process.argv.includes('--help')) console.log(`npm start -- [settings]\n\n${helpFor(START_SETTINGS)}`)
else await main().catch(refused)

async function main(): Promise<void> {
  const settings = allSettings()
  if (settings.reset) await rm(join(settings.data), { recursive: true, force: true })
  const stop = await startEmbedded(settings, process.env, (line) => console.log(line))
  const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  await ended
  console.log('Ending what is under way…')
  const late = setTimeout(() => {
    console.error('Something did not end in time.')
    process.exit(1)
  }, GRACE_MS)
  await stop()
  clearTimeout(late)
  console.log('Everything is kept. Until next time.')
  process.exit(0)
}

/** Ours and every subgraph's: what is wrong with any of them is told at once, before anything is opened or thrown away. */
function allSettings(): StartSettings {
  const wrong: string[] = []
  const own = tried(wrong, () => readSettings(START_SETTINGS, { args: process.argv.slice(2), env: process.env }))
  tried(wrong, () => describeAll(process.env))
  if (own === null || wrong.length > 0) throw new Failure('SETTINGS_WRONG', wrong.join('\n'))
  return own
}

function tried<T>(wrong: string[], read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    wrong.push(error.message)
    return null
  }
}

function refused(error: unknown): void {
  const reason = error instanceof Failure ? error.message : portTaken(error)
  if (reason === null) throw error
  console.error(reason)
  process.exit(1)
}

/** In words, when somebody listens already where we want to; null for any other error. */
function portTaken(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE' || !('port' in error)) return null
  const [name] = Object.values(START_SETTINGS).flatMap((setting) =>
    'flag' in setting && setting.flag.endsWith('port') && setting.default === error.port ? [`--${setting.flag}`] : [],
  )
  return `port ${String(error.port)} is taken by another process; choose another with ${name ?? '--port or the sandboxes’ port flags'} (0 takes a free one)`
}
