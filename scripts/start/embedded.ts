import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Bus } from '../../platform/bus/bus.js'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { redisBus } from '../../platform/bus/redis-bus.js'
import type { Database } from '../../platform/db/database.js'
import { openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { closeCalls } from '../../platform/http/call.js'
import { freePort } from '../../platform/http/free-port.js'
import { observe } from '../../platform/observe/observe.js'
import type { Observer } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { startDemo } from '../demo/demo.js'
import { Closers } from './closers.js'
import { rootSecret } from './root-secret.js'
import { openSandboxes, type Sandboxes } from './sandboxes.js'
import type { StartSettings } from './settings.js'
import { openShop } from './shop.js'

/** database -> bus -> sandboxes -> shop -> demo; gives back the stopping, which goes the other way. */
export async function startEmbedded(
  settings: StartSettings,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  const began = systemClock.monotonicMs()
  const closers = new Closers()
  try {
    const observer = observe({ level: settings.log, part: 'shop' })
    closers.keep(null, () => observer.flush())
    const dir = resolve(settings.data)
    await mkdir(dir, { recursive: true })
    const db = closers.keep(await database(settings, dir), (it) => it.close())
    const secrets = await rootSecret(dir, { make: true, given: settings.secret })
    const bus = closers.keep(busOf(settings, observer), (it) => it.close())
    closers.keep(null, () => closeCalls())
    const ground = { db, bus, clock: systemClock, chance: systemChance, observer }
    const sandboxes = settings.noSandboxes
      ? null
      : closers.keep(
          await sandboxesOf(settings, { dir, observer, secret: secrets.key('payment').toString('hex') }),
          (it) => it.stop(),
        )
    const { host } = settings
    const port = settings.port === 0 ? await freePort() : settings.port
    const publicUrl = `http://localhost:${port}`
    const shop = closers.keep(
      await openShop({
        ground,
        secrets,
        host,
        port,
        metrics: observer.metrics,
        env: { PUBLIC_URL: publicUrl, ...sandboxes?.env, ...env },
      }),
      (it) => it.stop(),
    )
    sandboxes?.pointTo(shop.url)
    const demo =
      settings.noDemo || sandboxes === null
        ? null
        : closers.keep(await startDemo({ shop, ground, sandboxes, dir, seed: settings.seed, say }), (it) => it.stop())
    tell(say, {
      url: shop.url.replace('127.0.0.1', 'localhost'),
      room: demo?.room ?? null,
      sandboxes,
      seconds: (systemClock.monotonicMs() - began) / 1000,
    })
    return () => closers.close()
  } catch (error) {
    await closers.close()
    throw error
  }
}

async function database({ databaseUrl }: StartSettings, dir: string): Promise<Database> {
  return databaseUrl === null ? await openPglite({ dir: join(dir, 'db') }) : openPostgres({ url: databaseUrl })
}

function busOf({ redisUrl }: StartSettings, observer: Observer): Bus {
  return redisUrl === null
    ? memoryBus({ clock: systemClock, observer })
    : redisBus({ url: redisUrl, clock: systemClock, observer })
}

async function sandboxesOf(
  settings: StartSettings,
  { dir, observer, secret }: { dir: string; observer: Observer; secret: string },
): Promise<Sandboxes> {
  const { kuaishouPort: kuaishou, weiboPort: weibo, paymentPort: payment, seed, faults, noDemo } = settings
  return await openSandboxes({
    ports: { kuaishou, weibo, payment },
    dir,
    clock: systemClock,
    observer,
    seed,
    faults,
    paymentSecret: secret,
    people: !noDemo,
  })
}

/** What is there, and what to try first. */
function tell(
  say: (line: string) => void,
  { url, room, sandboxes, seconds }: { url: string; room: string | null; sandboxes: Sandboxes | null; seconds: number },
): void {
  say(`
Daihuo 带货 is open after ${seconds.toFixed(1)} s.

  endpoint     ${url}/graphql   (POST, GET, WebSocket)
  GraphiQL     ${url}/
  watch it     ${url}/health  ${url}/ready  ${url}/metrics${
    sandboxes === null
      ? ''
      : `\n  sandboxes    Kuaishou ${sandboxes.kuaishou.url}  Weibo ${sandboxes.weibo.url}  payment ${sandboxes.payment.url}`
  }

Try, in GraphiQL:
${
  room === null
    ? '  npm run import:products -- scripts/sample/products.csv      then { products(first: 5) { edges { node { title } } } }'
    : `  { room(id: "${room}") { title shelf { product { title } variant { price { current { amountMinor currency } } stock { available } } } } }
  subscription { liveEvents(roomId: "${room}") { __typename ... on CommentPosted { cursor comment { text author { nickname } } } } }`
}

  npm run token -- --member demo-1 --role member     a token; Ctrl-C ends everything in order`)
}
