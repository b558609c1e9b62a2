import { serve } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import type { Database } from '../../platform/db/database.js'
import { secretsFrom } from '../../platform/secret.js'
import type { Identity } from '../../schema/identity.js'
import { webhooks } from '../../subgraphs/connectors/webhooks/subgraph.js'
import { runSubgraph, type HostedSubgraph } from '../../subgraphs/host/run.js'
import { aGround } from './ground.js'

const AT = '2026-11-11T12:00:00.000Z'

/** The partner who asks. */
export const ACME: Identity = {
  member: null,
  partner: 'acme',
  roles: ['partner'],
  scopes: [],
  expiresAt: 4_000_000_000,
}

/** A letter as it reached the partner. */
export interface Came {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** The letters' subgraph, and a partner's server that answers what `answer` says. */
export interface WebhooksHouse {
  /** The address of the partner's server; it takes letters at `/told`. */
  readonly url: string
  readonly came: readonly Came[]
  /** The status with which the partner's server answers a letter. */
  answer: number
  ask(query: string, variables: Record<string, unknown>, who: Identity): ReturnType<HostedSubgraph['ask']>
  /** Tells the subgraph an event, on the topic of orders unless another is named. */
  tell(kind: string, body: object, topic?: string): Promise<void>
  /** Tells how many pieces of a variant are left. */
  stock(version: number, available: number, variant?: string): Promise<void>
  stop(): Promise<void>
}

/** Opens both, over one database. */
export async function aWebhooksHouse(db: Database, env: Readonly<Record<string, string>> = {}): Promise<WebhooksHouse> {
  const came: Came[] = []
  const ground = aGround({ db })
  const hosted = await runSubgraph(webhooks({ secrets: secretsFrom(Buffer.alloc(32)), env }), ground)
  const door = {
    ...{ method: 'POST' as const, path: '/told' },
    answer: ({ headers, body }: { headers: ReadonlyMap<string, string>; body: Uint8Array }) => {
      came.push({ headers, body: Buffer.from(body).toString() })
      return Promise.resolve({ status: house.answer, headers: {}, body: '' })
    },
  }
  const partner = await serve({ doors: [door], port: 0, observer: silent })
  let position = 0
  const house: WebhooksHouse = {
    ...{ url: partner.url, came, answer: 200 },
    ask: (query, variables, who) => hosted.ask({ query, variables }, who),
    async tell(kind, body, topic = 'orders') {
      position += 1
      const event = JSON.stringify({ id: `event-${position}`, at: AT, kind, ...body })
      await ground.bus.append(topic, [{ position: `${position}-1`, body: event }])
    },
    stock: (version, available, variant = 'Variant:v') =>
      house.tell('orders.stockChanged', { variant, version, available }),
    async stop() {
      await hosted.stop()
      await partner.stop()
      await ground.bus.close()
      await ground.db.close()
    },
  }
  return house
}
