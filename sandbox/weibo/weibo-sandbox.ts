import { readFile, rename, writeFile } from 'node:fs/promises'
import { serve } from '../../platform/http/serve.js'
import type { Observer } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { repeat, type Clock } from '../../platform/time/clock.js'
import { doorsOf } from './doors.js'
import { faultsOf, type Fault, type Faults } from './faults.js'
import { consent } from './oauth.js'
import { followLinks, react, startPeople, type PeopleOptions } from './people.js'
import { emptyMemory, remembered, written, type App, type Memory, type World } from './world.js'

/** The app that everybody who plays with the sandbox uses; its values are those of the protocol's worked example. */
export const SANDBOX_APP: App = {
  appKey: 'wb-app',
  appSecret: 'wb-secret',
  redirectUri: 'https://shop.example/cb',
  safeDomains: ['localhost', '127.0.0.1', 'shop.example'],
  reviewed: true,
  legacy: false,
  business: false,
}

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly clock: Clock
  readonly observer: Observer
  readonly seed: number
  readonly faults: readonly Fault[]
  readonly app?: Partial<App>
  /** Where the sandbox keeps what it knows between two starts; without it, it forgets. */
  readonly file?: string
  /** People who read, like and follow by themselves. */
  readonly people?: PeopleOptions
}

/** A social network in a process: its address, and what tests and demos ask of it. */
export interface WeiboSandbox {
  readonly url: string
  readonly app: App
  readonly faults: Faults
  /** Everything it knows; to be read, and for tests to be meddled with. */
  readonly memory: Memory
  /** An account consents to the app: a code for a token. */
  consent(uid: string): string
  /** Somebody reads the post once: likes, perhaps reposts or comments. */
  read(id: string): void
  /** Somebody follows the links in the post; where they have led to. */
  follow(id: string): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Opens the network on a port of its own. */
export async function openWeiboSandbox(options: SandboxOptions): Promise<WeiboSandbox> {
  const { port, clock, observer, seed, file } = options
  const memory = await recalled(file)
  const faults = faultsOf(options.faults, seededChance(seed + 1))
  const app = { ...SANDBOX_APP, ...options.app }
  const world: World = { app, clock, chance: seededChance(seed), faults, memory }
  const serving = await serve({ doors: doorsOf(world), port, observer })
  const stopPeople = options.people === undefined ? () => undefined : startPeople(world, options.people)
  const stopKeeping = repeat(clock, 1_000, () => keep(file, memory))
  return {
    ...{ url: serving.url, app, faults, memory },
    consent: (uid) => consent(world, uid),
    read: (id) => react(world, known(memory, id)),
    follow: (id) => followLinks(known(memory, id), {}),
    async stop() {
      stopPeople()
      stopKeeping()
      await serving.stop()
      await keep(file, memory)
    },
  }
}

function known({ statuses }: Memory, id: string) {
  const status = statuses.get(id)
  if (status === undefined) throw new Error(`no post ${id}`)
  return status
}

async function recalled(file: string | undefined): Promise<Memory> {
  const text = file === undefined ? null : await readFile(file, 'utf8').catch(() => null)
  return text === null ? emptyMemory() : remembered(text)
}

/** Written beside and then put in place, so that a killed sandbox leaves the old file or the new one. */
async function keep(file: string | undefined, memory: Memory): Promise<void> {
  if (file === undefined) return
  await writeFile(`${file}.new`, written(memory))
  await rename(`${file}.new`, file)
}
