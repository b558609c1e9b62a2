import { call } from '../../../platform/http/call.js'
import { refuse } from '../../../schema/refuse.js'
import type { Ground } from '../../host/subgraph.js'
import type { Connector, Errand, Outcome } from '../connector.js'
import type { WebhooksConfig } from './config.js'
import { hear, TOPICS } from './flow/hear.js'
import { bodyOf, letterOf, secretOf, signatureOf } from './letter.js'
import { readWebhook } from './store/letters.js'
import { SCHEMA } from './store/migrations.js'

/** What letters are made with. */
export interface WebhooksParts {
  readonly config: WebhooksConfig
  /** What partners' secrets are made from. */
  readonly key: Buffer
}

/** Partners without a platform of their own, told by signed letters: at least once each, again with growing pauses, then dead until asked for. */
export function webhooksConnector(parts: WebhooksParts, ground: Ground): Connector {
  return {
    partner: SCHEMA,
    follow: { topics: TOPICS, hear, run: (errand, tries) => deliver(parts, ground, { errand, tries }) },
  }
}

async function deliver(
  { config, key }: WebhooksParts,
  { db, clock }: Ground,
  { errand, tries }: { readonly errand: Errand; readonly tries: number },
): Promise<Outcome> {
  const letter = letterOf(errand.body)
  const webhook = await readWebhook(db, letter.partner)
  if (webhook === null) return null
  const body = bodyOf(letter)
  const seconds = Math.floor(clock.now().getTime() / 1000).toString()
  const signature = signatureOf(secretOf(key, letter.partner, webhook.secret_version), seconds, body)
  const failed = await posted(webhook.url, config.timeoutMs, {
    ...{ body, seconds, signature, id: letter.id },
  })
  if (failed === null) return null
  throw tries < config.tries
    ? refuse('PARTNER_UNAVAILABLE', failed)
    : refuse('PARTNER_REFUSED', `not delivered in ${tries} tries; at last: ${failed}`)
}

/** Null when it was taken; else why not. What the partner answered beside its status is its own affair. */
async function posted(
  url: string,
  timeoutMs: number,
  { body, seconds, signature, id }: { body: string; seconds: string; signature: string; id: string },
): Promise<string | null> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...{ 'daihuo-event': id, 'daihuo-time': seconds, 'daihuo-signature': signature },
  }
  try {
    const { status } = await call({ url, method: 'POST', headers, body, timeoutMs, mostBytes: 65_536 })
    return status >= 200 && status < 300 ? null : `the partner answered ${status}`
  } catch {
    return 'the partner did not answer in time'
  }
}
