import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import { freePort } from '../../platform/http/free-port.js'
import { ended, saying, startServer } from '../support/server.js'
import { startMortalPostgres } from '../support/start-postgres.js'
import { startRedis } from '../support/start-redis.js'
import { supergraphAt } from '../support/supergraph-at.js'

const SUBGRAPHS = ['catalog', 'members', 'orders', 'rooms'] as const
const GATEWAYS = ['gateway-1', 'gateway-2'] as const

/** Everything that may be killed while a room is watched. */
export const PARTS = [...SUBGRAPHS, ...GATEWAYS, 'redis', 'postgresql'] as const
export type Part = (typeof PARTS)[number]

/** What all processes of the house share. */
export interface Premises {
  /** An empty directory for this house alone. */
  readonly dir: string
  /** The root secret. */
  readonly secret: string
}

interface Running {
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A house of processes, each at an address that it keeps when it is begun again: subgraphs, two gateways, Redis, PostgreSQL. */
export class LiveParts {
  readonly #premises: Premises
  readonly #ports: ReadonlyMap<Part, number>
  readonly #running = new Map<Part, Running>()
  #databaseUrl = ''

  private constructor(premises: Premises, ports: ReadonlyMap<Part, number>) {
    this.#premises = premises
    this.#ports = ports
  }

  /** PostgreSQL, then the subgraphs, then the gateways. Redis is away until it is begun, and nothing that starts waits for it. */
  static async open(premises: Premises): Promise<LiveParts> {
    const ports = new Map<Part, number>()
    for (const part of PARTS) ports.set(part, await freePort())
    const parts = new LiveParts(premises, ports)
    const urls = new Map(SUBGRAPHS.map((name) => [name as string, `${parts.#urlOf(name)}/graphql`]))
    await writeFile(parts.#supergraph, await supergraphAt(urls))
    try {
      await parts.begin('postgresql')
      await Promise.all(SUBGRAPHS.map((part) => parts.begin(part)))
      await Promise.all(GATEWAYS.map((part) => parts.begin(part)))
    } catch (error) {
      await parts.stop()
      throw error
    }
    return parts
  }

  /** The endpoints of both gateways, whether they live or not. */
  get gateways(): readonly string[] {
    return GATEWAYS.map((part) => `${this.#urlOf(part)}/graphql`)
  }

  /** The database of the whole house. */
  get databaseUrl(): string {
    return this.#databaseUrl
  }

  async begin(part: Part): Promise<void> {
    this.#running.set(part, await this.#started(part))
  }

  /** kill −9: nothing is closed, nothing is said. */
  async kill(part: Part): Promise<void> {
    const running = this.#running.get(part)
    this.#running.delete(part)
    await running?.kill()
  }

  /** Gateways first, so that nobody complains of what is gone. */
  async stop(): Promise<void> {
    for (const part of [...GATEWAYS, ...SUBGRAPHS, 'redis', 'postgresql'] as const)
      await this.#running.get(part)?.stop()
    this.#running.clear()
  }

  async #started(part: Part): Promise<Running> {
    const port = this.#ports.get(part) ?? 0
    switch (part) {
      case 'redis': {
        const redis = await startRedis(this.#premises.dir, port)
        if (redis === null) throw new Error('Redis is not installed')
        return redis
      }
      case 'postgresql': {
        const postgres = await startMortalPostgres(this.#premises.dir)
        if (postgres === null) throw new Error('PostgreSQL is not installed')
        this.#databaseUrl = postgres.url
        return postgres
      }
      case 'gateway-1':
      case 'gateway-2': {
        const settings = ['--supergraph', this.#supergraph, '--port', String(port)]
        return await this.#process(['dist/gateway/main.js', ...settings], 'ready at')
      }
      case 'catalog':
      case 'members':
      case 'orders':
      case 'rooms':
        return await this.#process(['dist/scripts/subgraph.js', part, '--port', String(port)], 'is ready at')
    }
  }

  async #process(args: readonly string[], ready: string): Promise<Running> {
    const child: ChildProcess = startServer(process.execPath, args, {
      cwd: projectRoot(),
      env: {
        ...process.env,
        DAIHUO_SECRET: this.#premises.secret,
        DATABASE_URL: this.#databaseUrl,
        REDIS_URL: `redis://127.0.0.1:${this.#ports.get('redis') ?? 0}`,
        GATEWAY_URL: this.gateways[0] ?? '',
        DATABASE_POOL: '5',
        LOG_LEVEL: 'silent',
      },
    })
    await saying(child, ready)
    return { kill: () => ended(child, 'SIGKILL'), stop: () => ended(child, 'SIGTERM') }
  }

  get #supergraph(): string {
    return join(this.#premises.dir, 'supergraph.graphql')
  }

  #urlOf(part: Part): string {
    return `http://127.0.0.1:${this.#ports.get(part) ?? 0}`
  }
}
