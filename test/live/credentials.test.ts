import { afterEach, describe, expect, it } from 'vitest'
import { Failure } from '../../platform/failure.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openAcknowledged, openWire } from './wire.js'

const PARTS = {
  shop: {
    sdl: `type Query { hello: String } type Mutation { buy: Int drawPartnerAllowance(count: Int!, unused: Int!, minute: SafeInt!): [SafeInt!]! @inaccessible }
      scalar SafeInt`,
    resolvers: { Query: { hello: () => 'hi' } },
  },
}
/** Tokens name the network that they are used from. */
function verify(token: string): Promise<Identity> {
  const networks = new Map([
    ['here', ['127.0.0.1', '::1']],
    ['there', ['203.0.113.0/24']],
  ])
  const found = networks.get(token)
  if (found === undefined) return Promise.reject(new Failure('UNAUTHENTICATED', 'not our token'))
  const credential = { id: `pc_${token}`, networks: found }
  return Promise.resolve({ ...ANONYMOUS, partner: 'acme', roles: ['partner'], credential, expiresAt: 4_000_000_000 })
}
const bearer = (name: string) => ({ authorization: `Bearer ${name}` })
const HELLO = { query: '{ hello }' }

let gateway: TestGateway
afterEach(() => gateway.stop())

/** A gateway where so many operations are left of the quota. */
async function opened(left: number, config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  gateway = await openTestGateway(PARTS, { verify, config: { quotas: { subgraph: 'shop' }, batch: 5, ...config } })
  let still = left
  gateway.graph.disturb('shop', ({ kind, variables }) => {
    if (kind === 'query') return Promise.resolve({ data: { hello: 'hi' } })
    const count = Number(variables['count'])
    const granted = still >= count ? count : 0
    still -= granted
    return Promise.resolve({ data: { drawPartnerAllowance: [granted, 42, 1] } })
  })
}

describe('the token of a credential', () => {
  it('is told by HTTP when its quota is used up, and when to come back', async () => {
    await opened(2)
    expect(await (await gateway.post(HELLO, bearer('here'))).json()).toEqual({ data: { hello: 'hi' } })
    expect((await gateway.post(HELLO, bearer('here'))).status).toBe(200)
    const refused = await gateway.post(HELLO, bearer('here'))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '42'])
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'QUOTA_EXCEEDED', retryAfterSeconds: 42 } }],
    })
  })

  it('S32 counts each operation of a batch', async () => {
    await opened(2)
    const answers = (await (await gateway.post([HELLO, HELLO, HELLO], bearer('here'))).json()) as readonly object[]
    expect(answers.filter((answer) => 'errors' in answer)).toHaveLength(1)
  })

  it.each([
    'text/event-stream',
    'multipart/mixed;deferSpec=20220824,application/json',
    'multipart/mixed;subscriptionSpec=1.0,application/json',
  ])('is held to its quota on the way of %s', async (accept) => {
    await opened(1)
    const ask = async (): Promise<string> => await (await gateway.post(HELLO, { ...bearer('here'), accept })).text()
    expect(await ask()).toContain('"hello":"hi"')
    expect(await ask()).toContain('QUOTA_EXCEEDED')
  })

  it('is held to its quota over a socket', async () => {
    await opened(1)
    const wire = await openAcknowledged(gateway.url, bearer('here'))
    for (const id of ['1', '2']) wire.say({ id, type: 'subscribe', payload: HELLO })
    const heard = [await wire.hear(), await wire.hear(), await wire.hear()]
    expect(heard).toContainEqual(expect.objectContaining({ id: '1', type: 'next' }))
    expect(JSON.stringify(heard)).toContain('QUOTA_EXCEEDED')
  })

  it('S32 is refused from elsewhere, over HTTP, streams and sockets', async () => {
    await opened(9)
    for (const accept of ['application/json', 'text/event-stream']) {
      const refused = await gateway.post(HELLO, { ...bearer('there'), accept })
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('NETWORK_FORBIDDEN')])
    }
    expect((await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT', headers: bearer('there') })).status).toBe(403)
    const wire = await openWire(gateway.url)
    wire.say({ type: 'connection_init', payload: bearer('there') })
    expect((await wire.closed()).code).toBe(4403)
  })

  it('S32 is known by whom a proxy names, where one is trusted', async () => {
    await opened(9, { trustProxy: true })
    const through = async (name: string) =>
      (await gateway.post(HELLO, { ...bearer(name), 'x-forwarded-for': '203.0.113.9, 10.0.0.1' })).status
    expect([await through('there'), await through('here')]).toEqual([200, 403])
    const wire = await openWire(gateway.url, { headers: { 'x-forwarded-for': '203.0.113.9' } })
    wire.say({ type: 'connection_init', payload: bearer('there') })
    expect(await wire.hear()).toEqual({ type: 'connection_ack' })
    wire.socket.close()
  })
})
