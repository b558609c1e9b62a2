import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A server that the tests started, and its stopping. */
export interface Server {
  readonly url: string
  stop(): Promise<void>
}

/** A server that can also be ended without a word. */
export interface MortalServer extends Server {
  kill(): Promise<void>
}

const MOST_SAID = 10_000
const SETPRIV = '/usr/bin/setpriv'

/** Starts a server that ends when this process is gone, even when it was killed. */
export function startServer(program: string, settings: readonly string[], options: SpawnOptions): ChildProcess {
  if (!existsSync(SETPRIV)) return spawn(program, settings, { ...options, stdio: 'pipe' })
  return spawn(SETPRIV, ['--pdeathsig', 'INT', program, ...settings], { ...options, stdio: 'pipe' })
}

/** Resolves, with the last that the server has said, once it says the words; ends it instead, that is told. */
export function saying(child: ChildProcess, words: string): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`the server did not start: ${said}`)))
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-MOST_SAID) // a server may say much before: of everybody whom it turned away
        if (said.includes(words)) resolve(said)
      })
  })
}

/** Asks a server to end and waits until it has. */
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
