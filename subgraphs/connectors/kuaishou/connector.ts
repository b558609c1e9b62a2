import { jsonAnswer } from '../../../platform/http/door.js'
import type { Ask } from '../../../schema/ask.js'
import type { Secrets } from '../../../platform/secret.js'
import type { Ground } from '../../host/subgraph.js'
import type { Connector, Errand, Fact, Outcome, Poll } from '../connector.js'
import { overWindows, WindowTooLong } from '../windows.js'
import { accessOf } from './access.js'
import { callsOf, type Span } from './calls.js'
import { clientOf } from './client.js'
import type { KuaishouConfig } from './config.js'
import type { RemotePage } from './decode-answers.js'
import { openerOf } from './flow/addresses.js'
import { deducting, LATE } from './flow/deduct.js'
import { hear, told, TOPICS } from './flow/hear.js'
import { runItem } from './flow/run-item.js'
import { runOrder } from './flow/run-order.js'
import { runRefund } from './flow/run-refund.js'
import { isRefused, type Work } from './flow/work.js'
import { personalWith } from '../../../platform/personal.js'
import { shopOf } from './shop.js'
import { openMessage, verifiedParam } from './signature.js'
import { SCHEMA } from './store/kuaishou-tables.js'
import { factOfOrder, factOfRefund, factsOfMessage } from './translate.js'

/** The connector's own doors. */
export const PATHS = { push: '/hooks/kuaishou', deduct: '/partners/kuaishou/deduct' } as const

/** What the connector is made of. */
export interface KuaishouParts {
  readonly config: KuaishouConfig
  readonly secrets: Secrets
  /** The graph, with the partner's token. */
  readonly ask: Ask
}

/** Kuaishou's in-app purchase as a partner of ours. */
export function kuaishouConnector(parts: KuaishouParts, ground: Ground): Connector {
  return connectorOf(workOf(parts, ground))
}

/** What the connector's deeds stand on: the partner's calls, our shop, and the key of what is of people. */
export function workOf({ config, secrets, ask }: KuaishouParts, ground: Ground): Work {
  const personal = personalWith(secrets.key('personal'), ground.chance)
  const access = accessOf({ config, ground, personal })
  const client = clientOf({ config, access, clock: ground.clock, observer: ground.observer })
  const calls = callsOf(client)
  return { ground, config, calls, shop: shopOf(ask), personal, openPieces: openerOf({ calls, ground }) }
}

/** The connector over its deeds. */
export function connectorOf(work: Work): Connector {
  const { config, ground } = work
  const deduct = deducting(work)
  return {
    partner: SCHEMA,
    push: {
      path: PATHS.push,
      verify: (request) => openMessage(request.body, config.messageKey),
      translate: (bytes) => factsOfMessage(bytes, config.appKey),
      thanks: jsonAnswer(200, { result: 1 }),
    },
    polls: [
      poll(work, 'orders', async (span) => facts(await work.calls.orders(span), factOfOrder)),
      // The refund list gives a day at most.
      poll(work, 'refunds', async (span) => facts(await work.calls.refunds(span), factOfRefund), 86_400_000),
    ],
    answer: {
      path: PATHS.deduct,
      withinMs: config.deductMs,
      verify: (request) => Buffer.from(verifiedParam(request.body, config, ground.clock.now())),
      answer: (bytes) => deduct(Buffer.from(bytes).toString('utf8')),
      late: LATE,
    },
    told,
    follow: { topics: TOPICS, hear, run: (errand) => run(work, errand) },
  }
}

function run(work: Work, { kind, key }: Errand): Promise<Outcome> {
  switch (kind) {
    case 'item':
      return runItem(work, key)
    case 'order':
      return runOrder(work, key)
    case 'refund':
      return runRefund(work, key)
    default:
      throw new Error(`no such errand: ${kind}`)
  }
}

/** What a refusal of a list means: its span is too long for now (300004 and 300019 of the refund family, used for both lists). */
const TOO_LONG: ReadonlySet<unknown> = new Set([300_004, 300_019])

function poll(
  { config, ground }: Work,
  name: string,
  ask: (span: Span) => Promise<{ facts: readonly Fact[]; after: string | null }>,
  longestMs = config.windowMs,
): Poll {
  const { overlapMs, backMs } = config
  const windows = { longestMs: Math.min(longestMs, config.windowMs), overlapMs, backMs }
  const asked = (span: Span) =>
    ask(span).catch((error: unknown) => {
      throw isRefused(error) && TOO_LONG.has(error.details['result']) ? new WindowTooLong(error) : error
    })
  return { name, everyMs: config.pollMs, since: overWindows(windows, ground.clock, asked) }
}

function facts({ rows, after }: RemotePage, factOf: (row: unknown) => Fact) {
  return { facts: rows.map(factOf), after }
}
