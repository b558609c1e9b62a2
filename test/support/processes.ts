import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import { openPaymentSandbox } from '../../sandbox/payment/payment-sandbox.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { Closers } from '../../scripts/start/closers.js'
import type { TokenClaims } from '../../scripts/start/shop.js'
import { REGISTRY } from '../../subgraphs/registry.js'
import type { EveningHouse } from '../journey/evening-deeds.js'
import { compile } from './compile.js'
import { freshPostgres } from './databases.js'
import { ended, saying, startServer } from './server.js'
import { supergraphAt } from './supergraph-at.js'
import { freePort } from '../../platform/http/free-port.js'

const SECRET = '07'.repeat(32)

/** The same house in its grown form: a process for each subgraph, one for the gateway, PostgreSQL and Redis between them. */
export interface ProcessHouse extends EveningHouse {
  stop(): Promise<void>
}

/** compile -> subgraphs, each on a port of its own -> a supergraph that names these -> the gateway. */
export async function openProcesses(postgres: string, redis: string): Promise<ProcessHouse> {
  compile()
  const closers = new Closers()
  const dir = closers.keep(await mkdtemp(join(tmpdir(), 'daihuo-processes-')), (it) =>
    rm(it, { recursive: true, force: true }),
  )
  const port = await freePort()
  const payment = closers.keep(
    await openPaymentSandbox({
      port: 0,
      clock: systemClock,
      observer: silent,
      secret: 'house',
      seed: 1,
      faults: [],
      decideMs: 20,
      lateMs: 1000,
    }),
    (it) => it.stop(),
  )
  const env = {
    DAIHUO_SECRET: SECRET,
    DATABASE_URL: await freshPostgres(postgres),
    REDIS_URL: redis,
    GATEWAY_URL: `http://127.0.0.1:${port}/graphql`,
    PAYMENT_URL: payment.url,
    PAYMENT_SECRET: 'house',
    DATABASE_POOL: '5',
    LOG_LEVEL: 'silent',
  }
  const urls = await Promise.all(REGISTRY.map(async ({ name }) => [name, await subgraph(name, env, closers)] as const))
  payment.pointTo(new URL('/hooks/payment', urls.find(([name]) => name === 'orders')?.[1]).href)
  const supergraph = join(dir, 'supergraph.graphql')
  await writeFile(supergraph, await supergraphAt(new Map(urls)))
  const flags = ['--supergraph', supergraph, '--config', 'schema/gateway.json', '--port', String(port)]
  await begin(['dist/gateway/main.js', ...flags], {
    env,
    ready: 'ready at',
    closers,
  })
  return { ...voices(port), stop: () => closers.close() }
}

/** What the tests need of PostgreSQL and Redis; null where one of them is missing. */
export function servers(): { readonly postgres: string; readonly redis: string } | null {
  const [postgres, redis] = [inject('postgresUrl'), inject('redisUrl')]
  return postgres === null || redis === null ? null : { postgres, redis }
}

function voices(port: number): EveningHouse {
  const url = `http://127.0.0.1:${port}/graphql`
  const key = secretsFrom(Buffer.from(SECRET, 'hex')).key('token')
  const token = (claims: TokenClaims): Promise<string> =>
    signToken(key, { ...claims }, { clock: systemClock, seconds: 3600 })
  return {
    url,
    socketUrl: url.replace('http', 'ws'),
    token,
    as: async (claims) => askShop({ url, token: claims && (await token(claims)) }),
  }
}

/** The address that it says it is ready at. */
async function subgraph(name: string, env: Readonly<Record<string, string>>, closers: Closers): Promise<string> {
  const said = await begin(['dist/scripts/subgraph.js', name, '--port', '0'], { env, ready: 'is ready at', closers })
  const address = /is ready at (\S+)/.exec(said)?.[1]
  if (address === undefined) throw new Error(`${name} named no address: ${said}`)
  return address
}

interface Beginning {
  readonly env: Readonly<Record<string, string>>
  readonly ready: string
  readonly closers: Closers
}

async function begin(args: readonly string[], { env, ready, closers }: Beginning): Promise<string> {
  const child = startServer(process.execPath, args, { cwd: projectRoot(), env: { ...process.env, ...env } })
  closers.keep(child, (it) => ended(it, 'SIGTERM'))
  return await saying(child, ready)
}
