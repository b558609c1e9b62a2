import { createClient } from 'graphql-ws'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { jsonAnswer } from '../../platform/http/door.js'
import { signRequest } from '../../platform/http/sign-request.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { HostedSubgraph } from './run.js'
import { serveSubgraph, type ServedSubgraph } from './serve.js'

const secrets = secretsFrom(Buffer.alloc(32, 1))
const gateway = secrets.key('gateway')
const body = JSON.stringify({ query: '{ me }' })

/** Answers who asked. */
const mirror: HostedSubgraph = {
  name: 'mirror',
  schema: buildSchema('type Query { me: String } type Subscription { me: String }'),
  doors: [
    { method: 'POST', path: '/hooks/:name', answer: ({ path }) => Promise.resolve(jsonAnswer(200, path.get('name'))) },
  ],
  ask: (question, who) => Promise.resolve({ data: { query: question.query, me: who.member } }),
  subscribe: (_question, who) => Promise.resolve(once({ data: { me: who.member } })),
  stop: () => Promise.resolve(),
}

describe('a served subgraph', () => {
  let served: ServedSubgraph
  beforeAll(async () => {
    served = await serveSubgraph(mirror, { port: 0, secrets, clock: systemClock, observer: silent })
  })
  afterAll(() => served.stop())

  const signed = (sent = body, at = systemClock.now(), key = gateway) =>
    signRequest(key, { method: 'POST', path: '/graphql', body: sent }, at)
  const ask = async (headers: Record<string, string>, sent = body) => {
    const reply = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: sent,
    })
    return {
      status: reply.status,
      body: (await reply.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] },
    }
  }
  const token = (claims: object, seconds = 60) =>
    signToken(secrets.key('token'), { ...claims }, { clock: systemClock, seconds })

  it('answers what the gateway has signed, as who bears the token', async () => {
    const authorization = `Bearer ${await token({ sub: 'Member:ann', roles: ['member'] })}`
    expect(await ask({ ...signed(), authorization })).toEqual({
      status: 200,
      body: { data: { query: '{ me }', me: 'Member:ann' } },
    })
    expect((await ask(signed())).body.data).toMatchObject({ me: null })
  })

  it.each([
    ['missing', () => ({})],
    ['wrong', () => signed('{}')],
    ['made with another key', () => signed(body, systemClock.now(), Buffer.alloc(32))],
    ['old', () => signed(body, new Date(systemClock.now().getTime() - 120_000))],
  ])('refuses a signature that is %s', async (_, headers) => {
    const { status, body: told } = await ask(headers())
    expect([status, told.errors?.[0]?.extensions.code]).toEqual([401, 'SIGNATURE_INVALID'])
  })

  it('takes a bad or expired token for no visitor at all', async () => {
    for (const authorization of ['Bearer nonsense', 'Basic a', `Bearer ${await token({}, -5)}`])
      expect((await ask({ ...signed(), authorization })).body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  it('refuses what is no question', async () => {
    for (const sent of ['nonsense', '[]', '{"query":3}', '{}'])
      expect(await ask(signed(sent), sent)).toMatchObject({ status: 400 })
  })

  it('tells that it is alive, and opens its doors', async () => {
    const at = served.url.replace('/graphql', '')
    expect(await (await fetch(`${at}/health`)).json()).toEqual({ alive: true, subgraph: 'mirror' })
    expect(await (await fetch(`${at}/hooks/pay`, { method: 'POST', body: 'x' })).json()).toBe('pay')
  })

  it('carries subscriptions of many bearers on one signed socket', async () => {
    const authorization = `Bearer ${await token({ sub: 'Member:bob' })}`
    const client = socketOf(
      served.url,
      signRequest(gateway, { method: 'GET', path: '/graphql', body: '' }, systemClock.now()),
    )
    const told = async (extensions?: Record<string, unknown>) => {
      const events: unknown[] = []
      for await (const event of client.iterate({ query: 'subscription { me }', ...(extensions && { extensions }) }))
        events.push(event)
      return events
    }
    expect(await told({ authorization })).toEqual([{ data: { me: 'Member:bob' } }])
    expect(await told()).toEqual([{ data: { me: null } }])
    await expect(told({ authorization: 'Bearer x' })).rejects.toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    await client.dispose()
  })

  it('knows the bearer of a socket by what opened it', async () => {
    const authorization = `Bearer ${await token({ sub: 'Member:cid' })}`
    const headers = signRequest(gateway, { method: 'GET', path: '/graphql', body: '' }, systemClock.now())
    const client = socketOf(served.url, headers, { authorization })
    const first = await client.iterate({ query: 'subscription { me }' }).next()
    expect(first.value).toEqual({ data: { me: 'Member:cid' } })
    await client.dispose()
  })

  it('opens no socket without a signature', async () => {
    const client = socketOf(served.url, {})
    await expect(client.iterate({ query: 'subscription { me }' }).next()).rejects.toThrow('401')
  })
})

async function* once<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value)
}

/** A client whose upgrade bears the headers. */
function socketOf(url: string, headers: Record<string, string>, connectionParams = {}) {
  class Signed extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers })
    }
  }
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: Signed,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
    onNonLazyError: () => undefined,
  })
}
