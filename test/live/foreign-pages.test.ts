import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openWire } from './wire.js'

const OURS = 'https://shop.example'
const COOKIE = { cookie: 'session=1' }
const FORMS = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
const PREFLIGHT = { 'apollo-require-preflight': '1' }
let bought = 0
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway(
    {
      shop: {
        sdl: 'type Query { hello: String } type Mutation { buy: Int } type Subscription { ticks: Int }',
        resolvers: { Query: { hello: () => 'hi' }, Mutation: { buy: () => ++bought } },
      },
    },
    { config: { origins: [OURS] } },
  )
})
afterAll(() => gateway.stop())

const codesOf = (text: string): readonly unknown[] =>
  (JSON.parse(text) as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code)

/** Almost what is allowed. */
const LOOKALIKES = [
  'https://shop.example.evil.com',
  'https://evilshop.example',
  'https://sub.shop.example',
  'https://shop.example:8443',
  'https://shop.exampl',
  'http://shop.example',
  'https://shop.example/',
  'https://SHOP.example',
  'https://shop.example,https://evil.com',
  'null',
]

describe('S20 where other origins are allowed', () => {
  it('a page of such a one may open a socket with a cookie', async () => {
    const wire = await openWire(gateway.url, { headers: { ...COOKIE, origin: OURS } })
    wire.say({ type: 'connection_init' })
    expect(await wire.hear()).toEqual({ type: 'connection_ack' })
    wire.socket.close()
  })

  it.each(LOOKALIKES)('%s may not', async (origin) => {
    await expect(openWire(gateway.url, { headers: { ...COOKIE, origin } })).rejects.toThrow('refused: 403')
  })

  it('a page of such a one may read our answers, and say what it has to say', async () => {
    const answer = await gateway.post({ query: '{ hello }' }, { origin: OURS })
    expect(answer.headers.get('access-control-allow-origin')).toBe(OURS)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('vary')).toContain('Origin')
    const asked = await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: { origin: OURS } })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, OURS])
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
  })

  it.each(LOOKALIKES)('%s is told nothing that would let it', async (origin) => {
    const answers = [
      await gateway.post({ query: '{ hello }' }, { origin }),
      await fetch(`${gateway.url}/graphql?query={hello}`, { headers: { origin } }),
      await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: { origin } }),
    ]
    for (const { headers } of answers) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(headers.get('vary')).toContain('Origin') // or a shared cache would tell the one what the other may read
    }
  })
})

describe('S18 with a cookie, and nothing that a browser asks first for', () => {
  it.each(['*/*', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0', 'multipart/mixed;deferSpec=20220824'])(
    'a GET is refused, whoever accepts %s',
    async (accept) => {
      const sent = gateway.graph.sent.length
      for (const query of ['{hello}', 'mutation{buy}', 'subscription{ticks}']) {
        const refused = await fetch(`${gateway.url}/graphql?query=${query}`, { headers: { ...COOKIE, accept } })
        expect([refused.status, codesOf(await refused.text())]).toEqual([400, ['CSRF']])
      }
      expect([gateway.graph.sent.length, bought]).toEqual([sent, 0])
    },
  )

  it.each(FORMS)('a POST of %s is refused on every way', async (type) => {
    const body = JSON.stringify({ query: 'mutation { buy }', extensions: { operationId: '1' } })
    const token = await (await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT' })).text()
    for (const path of ['/graphql', `/graphql/stream?token=${token}`])
      for (const accept of ['*/*', 'text/event-stream']) {
        const headers = { ...COOKIE, accept, 'content-type': type }
        const refused = await fetch(gateway.url + path, { method: 'POST', headers, body })
        expect([refused.status, codesOf(await refused.text())]).toEqual([400, ['CSRF']])
      }
    expect(bought).toBe(0)
  })

  it('no stream is reserved; one that was is opened by its token, which no foreign page knows', async () => {
    const url = `${gateway.url}/graphql/stream`
    const refused = await fetch(url, { method: 'PUT', headers: COOKIE })
    expect([refused.status, codesOf(await refused.text())]).toEqual([400, ['CSRF']])
    const reserved = await fetch(url, { method: 'PUT', headers: { ...COOKIE, ...PREFLIGHT } })
    expect(reserved.status).toBe(201)
    expect((await fetch(`${url}?token=guessed`, { headers: COOKIE })).status).toBe(404)
    const stream = await fetch(`${url}?token=${await reserved.text()}`, { headers: COOKIE })
    expect(stream.status).toBe(200)
    await stream.body?.cancel()
  })
})

describe('S17 a GET that says it has a body', () => {
  it.each([...FORMS, 'application/graphql', 'application/xml', 'image/png', 'x'])('of %s is refused', async (type) => {
    for (const accept of ['*/*', 'text/event-stream']) {
      const headers = { 'content-type': type, accept }
      const refused = await fetch(`${gateway.url}/graphql?query={hello}`, { headers })
      expect([refused.status, codesOf(await refused.text())]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']])
    }
  })

  it.each(['application/json', 'Application/JSON; charset=utf-8'])('of %s is answered', async (type) => {
    const answer = await fetch(`${gateway.url}/graphql?query={hello}`, { headers: { 'content-type': type } })
    expect(await answer.json()).toEqual({ data: { hello: 'hi' } })
  })
})
