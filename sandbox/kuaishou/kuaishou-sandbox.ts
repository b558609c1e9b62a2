import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Door } from '../../platform/http/door.js'
import { serve } from '../../platform/http/serve.js'
import type { Observer } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { repeat, type Clock } from '../../platform/time/clock.js'
import { apiDoor } from './api-door.js'
import { APIS } from './api.js'
import { buyersOf, type Buyers } from './buyers.js'
import { controlDoors } from './control.js'
import { faultsOf, type Fault, type Faults } from './faults.js'
import { banItem } from './items.js'
import { limitsOf } from './limits.js'
import { messagesOf, type Messages } from './messages.js'
import { accessToken, authorize, newCode, refreshToken } from './oauth.js'
import { failUnpaid } from './orders.js'
import { startPeople } from './people.js'
import { subsidise } from './subsidies.js'
import { emptyMemory, type App, type Memory, type World } from './world.js'

/** The app that everybody who plays with the sandbox uses; its values are those of the protocol's worked examples. */
export const SANDBOX_APP: App = {
  appKey: 'ks000000000000000001',
  appSecret: 'sandbox-app-secret',
  signSecret: 'sandbox-sign-secret',
  messageKey: 'MDEyMzQ1Njc4OWFiY2RlZg==',
}

/** How a sandbox is opened. */
export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly clock: Clock
  readonly observer: Observer
  readonly seed: number
  readonly faults: readonly Fault[]
  readonly app?: App
  /** Where the sandbox keeps what it knows between two starts; without it, it forgets. */
  readonly file?: string
  /** People who buy by themselves. */
  readonly people?: boolean
  /** Hears of every signed call that came, with its parameter as it was sent; for tests. */
  readonly heard?: (method: string, param: string) => void
}

/** A platform in a process: its address, its buyers, and what tests ask of it. */
export interface KuaishouSandbox {
  readonly url: string
  readonly app: App
  readonly buyers: Buyers
  readonly messages: Messages
  readonly faults: Faults
  /** Everything it knows, to be read only. */
  readonly memory: Memory
  /** The seller's consent: a code for tokens. */
  code(): string
  /** The platform takes so much off each piece of a SKU (by the merchant's number) at its own cost; 0 ends it. */
  subsidise(asked: { readonly relSkuId: string; readonly fen: number; readonly budgetFen: number }): void
  /** The platform takes an item down, or lets it be shown again, and says so. */
  ban(itemId: string, banned: boolean): void
  /** Takes the seller's consent back. */
  revoke(): void
  /** The merchant's doors: messages, and the question at the moment of buying (null: nobody is asked). */
  pointTo(doors: { readonly webhook: string | null; readonly deduct: string | null }): void
  stop(): Promise<void>
}

/** memory -> world -> doors -> people; the same seed plays the same evening. */
export async function openKuaishouSandbox(options: SandboxOptions): Promise<KuaishouSandbox> {
  const { port, clock, observer, file, app = SANDBOX_APP } = options
  const chance = seededChance(options.seed)
  const memory = await remembered(file)
  const faults = faultsOf(options.faults, seededChance(options.seed + 1))
  const messages = messagesOf(() => world, observer)
  const seller = { openId: 'f00dfeed', sellerOpenId: 'f00dcafe', sellerId: 12_342_323, nick: '带货旗舰店' }
  const world: World = {
    app,
    seller,
    clock,
    chance,
    faults,
    memory,
    tell: (event, bizId, info) => messages.tell(event, bizId, info),
  }
  let deduct: string | null = null
  const buyers = buyersOf(world, () => deduct)
  const serving = await serve({
    doors: [...doorsOf(world, options.heard ?? null), ...controlDoors(world, buyers)],
    port,
    observer,
  })
  const stopPeople = options.people === true ? startPeople(world, buyers) : () => undefined
  const stopUnpaid = repeat(clock, 10_000, () => failUnpaid(world))
  const stopKeeping = repeat(clock, 1_000, () => keep(file, memory))
  return {
    ...{ url: serving.url, app, buyers, messages, faults, memory },
    code: () => newCode(world),
    subsidise: (asked) => subsidise(world, asked),
    ban: (itemId, banned) => banItem(world, itemId, banned),
    revoke: () => (memory.revoked = true),
    pointTo(doors) {
      messages.pointTo(doors.webhook)
      deduct = doors.deduct
    },
    async stop() {
      stopPeople()
      stopUnpaid()
      stopKeeping()
      await serving.stop()
      await keep(file, memory)
    },
  }
}

function doorsOf(world: World, heard: SandboxOptions['heard'] | null): readonly Door[] {
  const count = limitsOf(world)
  const form = (body: Uint8Array): URLSearchParams => new URLSearchParams(Buffer.from(body).toString('utf8'))
  return [
    { method: 'GET', path: '/oauth/authorize', answer: (request) => Promise.resolve(authorize(world, request)) },
    { method: 'GET', path: '/oauth2/access_token', answer: ({ query }) => Promise.resolve(accessToken(world, query)) },
    {
      method: 'POST',
      path: '/oauth2/refresh_token',
      answer: ({ body }) => Promise.resolve(refreshToken(world, form(body))),
    },
    ...Object.entries(APIS).map(([name, api]) =>
      apiDoor(name, api, { world, count, heard: heard ?? (() => undefined) }),
    ),
  ]
}

async function remembered(file: string | undefined): Promise<Memory> {
  if (file === undefined) return emptyMemory()
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? emptyMemory() : { ...emptyMemory(), ...(JSON.parse(text) as Memory) } // our own file, written by `keep`
}

/** Written beside and then put in place, so that a killed sandbox leaves the old file or the new one. */
async function keep(file: string | undefined, memory: Memory): Promise<void> {
  if (file === undefined) return
  await writeFile(`${file}.new`, JSON.stringify(memory))
  await rename(`${file}.new`, file)
}
