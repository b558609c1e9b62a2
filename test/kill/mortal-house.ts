import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'

/** The shop's process: it can be killed, and begins again by itself on the same rows and port. */
export class MortalHouse {
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #there: Promise<void> = Promise.resolve()
  #kills = 0

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  get kills(): number {
    return this.#kills
  }

  /** Whether it serves; while it begins again it does not. */
  get isThere(): boolean {
    return this.#child !== null
  }

  /** Resolves when it serves. */
  get there(): Promise<void> {
    return this.#there
  }

  begin(): Promise<void> {
    this.#there = this.#begun()
    return this.#there
  }

  async #begun(): Promise<void> {
    const child = fork(join(projectRoot(), 'dist/test/kill/partner-process.js'), {
      cwd: projectRoot(),
      env: this.#env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', () => reject(new Error('the shop’s process does not begin')))
    })
    this.#child = child
  }

  /** By the signal that nobody can catch; then it begins again. */
  kill(): void {
    const child = this.#child
    if (child === null) return
    this.#kills += 1
    this.#child = null
    child.kill('SIGKILL')
    void this.begin()
  }

  async close(): Promise<void> {
    await this.#there
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.send('close')
    await gone
  }
}
