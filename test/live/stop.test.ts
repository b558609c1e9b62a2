import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openAcknowledged } from './wire.js'

const PARTS = {
  shop: {
    sdl: 'type Query { hello: String } type Mutation { buy: Int }',
    resolvers: { Query: { hello: () => 'hi' }, Mutation: { buy: () => 1 } },
  },
}
let gateway: TestGateway
afterEach(() => gateway.stop())

describe('R22 a gateway that is stopped', () => {
  it('ends the mutation under way and tells sockets to go elsewhere', async () => {
    gateway = await openTestGateway(PARTS)
    let finish = (): void => undefined
    const waits = new Promise<void>((resolve) => (finish = resolve))
    gateway.graph.disturb('shop', async () => (await waits, { data: { buy: 1 } }))
    const wire = await openAcknowledged(gateway.url)
    const buying = gateway.post({ query: 'mutation { buy }' })
    await until(() => gateway.graph.sent.length === 1)
    const stopped = gateway.stop()
    expect((await wire.closed()).code).toBe(1001)
    finish()
    expect((await buying).status).toBe(200)
    await stopped
    await expect(gateway.post({ query: '{ hello }' })).rejects.toThrow()
  })

  it('is not ready any more while it ends what is under way', async () => {
    gateway = await openTestGateway(PARTS)
    let finish = (): void => undefined
    const waits = new Promise<void>((resolve) => (finish = resolve))
    gateway.graph.disturb('shop', async () => (await waits, { data: { buy: 1 } }))
    const { port, hostname } = new URL(gateway.url)
    const probe = connect(Number(port), hostname).setEncoding('utf8')
    let heard = ''
    probe.on('data', (words: string) => (heard += words))
    // The second question has begun when the first is answered, so that its connection is not an idle one.
    probe.write('GET /ready HTTP/1.1\r\nhost: a\r\n\r\nGET /ready HTTP/1.1\r\nhost: a\r\n')
    await until(() => heard.startsWith('HTTP/1.1 200 '))
    const buying = gateway.post({ query: 'mutation { buy }' })
    await until(() => gateway.graph.sent.length === 1)
    const stopped = gateway.stop()
    heard = ''
    probe.write('\r\n')
    await until(() => heard !== '')
    expect(heard).toMatch(/^HTTP\/1.1 503 /)
    finish()
    expect((await buying).status).toBe(200)
    await stopped
  })

  it('cuts off what does not end within its time', async () => {
    gateway = await openTestGateway(PARTS, { config: { drainMs: 100 } })
    gateway.graph.disturb('shop', () => new Promise(() => undefined))
    const asking = gateway.post({ query: '{ hello }' }).catch(() => 'cut')
    await until(() => gateway.graph.sent.length === 1)
    await gateway.stop()
    expect(await asking).toBe('cut')
  })
})

describe('a gateway that is stopped beside a silent peer', () => {
  it('does not wait for a connection that asked nothing', async () => {
    gateway = await openTestGateway(PARTS)
    const { port, hostname } = new URL(gateway.url)
    const silent = connect(Number(port), hostname)
    await once(silent, 'connect')
    await gateway.post({ query: '{ hello }' })
    const gone = once(silent, 'close')
    silent.resume()
    await gateway.stop()
    await gone
  })

  it('cuts off a socket that does not say farewell', async () => {
    gateway = await openTestGateway(PARTS, { config: { drainMs: 100 } })
    const wire = await openAcknowledged(gateway.url)
    wire.socket.pause()
    await gateway.stop()
    wire.socket.resume()
    await wire.closed()
  })
})
