import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fields, json, list, maybe, text, type Fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { freePort } from '../../platform/http/free-port.js'
import { poster, type Poster } from '../../platform/http/poster.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Buy } from './load.js'
import { ENDLESS_MS, memberAt, type RushSale } from './rush-shop.js'
import { saleOf } from './sellers.js'

/** The endpoint of a shop in a process of its own. */
export interface Endpoint {
  readonly port: number
  readonly pid: number
  readonly buy: Buy
  /** The tokens of `memberAt(0)`, `memberAt(1)` and so on. */
  tokens(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Members who buy through the endpoint, each with a token of his own. */
export const MEMBERS = 10_000
const CONNECTIONS = 512
const DOCUMENT =
  'mutation Buy($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { code message } } }'
const BOUNDS = { timeoutMs: 60_000, mostBytes: 100_000, signal: null }

/** Begins the shop on a database in which the sales are open already. */
export async function openEndpoint(
  databaseUrl: string,
  sales: readonly RushSale[],
  patient = false,
): Promise<Endpoint> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = fork(join(import.meta.dirname, 'endpoint-process.js'), {
    env: {
      ...{ ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), PUBLIC_URL: url },
      ...(patient && { ORDERS_PATIENCE_MS: String(ENDLESS_MS) }),
    },
  })
  const [tokens] = await Promise.all([memberTokens(), ready(child)])
  const shop = poster(url, { connections: CONNECTIONS })
  return {
    port,
    pid: child.pid ?? 0,
    tokens: memberTokens,
    buy: (member) => placed(shop, tokens[member % MEMBERS] ?? '', member, saleOf(member, sales)),
    async close() {
      await shop.close()
      const gone = once(child, 'exit')
      child.send('close')
      await gone
    },
  }
}

let signed: Promise<readonly string[]> | null = null

function memberTokens(): Promise<readonly string[]> {
  const key = secretsFrom(Buffer.alloc(32, 7)).key('token')
  const when = { clock: systemClock, seconds: 86_400 }
  signed ??= Promise.all(
    Array.from({ length: MEMBERS }, (_, at) => signToken(key, { sub: memberAt(at), roles: ['member'] }, when)),
  )
  return signed
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', () => reject(new Error('the shop’s process did not begin')))
  })
}

/** One order over HTTP, as a client sends it; the refusals of the graph are thrown with their codes. */
async function placed(shop: Poster, token: string, member: number, { variant, flashSale }: RushSale): Promise<void> {
  const lines = [{ variantId: variant, quantity: 1, flashSaleId: flashSale, outlet: 'app' }]
  const input = { idempotencyKey: `rush-${member}`, lines, addressId: 'Address:a1', expectedTotalMinor: 990 }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query: DOCUMENT, variables: { input } })
  const answer = await shop.post('/graphql', headers, body, BOUNDS)
  const it = fields(json(answer.body.toString(), 'the answer'), 'the answer')
  const refusal = firstOf(it['errors'], 'errors') ?? firstOf(payloadOf(it)['errors'], 'placeOrder.errors')
  if (refusal !== null) throw failureOf(refusal)
  text(fields(payloadOf(it)['order'], 'order')['id'], 'order.id')
}

function payloadOf(answer: Fields): Fields {
  return fields(fields(answer['data'], 'data')['placeOrder'], 'placeOrder')
}

function firstOf(errors: unknown, place: string): Fields | null {
  return maybe(errors, place, (value) => list(value, place, fields))?.[0] ?? null
}

function failureOf(refusal: Fields): Failure {
  const extensions = maybe(refusal['extensions'], 'extensions', fields)
  const retryAfterMs = Number(extensions?.['retryAfterMs'] ?? 100)
  const code = text(extensions?.['code'] ?? refusal['code'], 'code')
  return new Failure(code, text(refusal['message'], 'message', { most: 10_000 }), { details: { retryAfterMs } })
}
