import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openAcknowledged } from './wire.js'

/** More than the kernel keeps of one connection, in pieces of 400 kB. */
const MANY = 60
const LARGE = 'x'.repeat(400_000)
const MOST_BACKLOG = 500_000

let gateway: TestGateway
let counted: string[]
let answered: number
const open: Socket[] = []

async function openGateway(sockets: object = {}): Promise<void> {
  counted = []
  answered = 0
  const observer: Observer = { ...silent, count: (name) => void counted.push(name) }
  const large = (): string => (answered++, LARGE)
  gateway = await openTestGateway(
    { shop: { sdl: 'type Query { large: String }', resolvers: { Query: { large } } } },
    { observer, config: { sharing: false, sockets: { mostBacklog: MOST_BACKLOG, ...sockets } } },
  )
}
beforeEach(() => openGateway())
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  await gateway.stop()
})

describe('S21 a socket that nobody reads', () => {
  it('is closed when answers have filled its line', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.socket.pause()
    for (let at = 0; at < MANY; at++)
      wire.say({ id: String(at), type: 'subscribe', payload: { query: `{ a${at}: large }` } })
    await until(() => counted.includes('socket.unread'))
    wire.socket.resume()
    expect(await wire.closed()).toEqual({ code: 1013, reason: 'reads too slowly' })
    expect(counted.filter((name) => name === 'socket.unread')).toHaveLength(1)
  })

  it('is closed when answers to its pings have filled its line', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.socket.pause()
    for (let at = 0; at < MANY; at++) wire.say({ type: 'ping', payload: { LARGE } })
    await until(() => counted.includes('socket.unread'))
    wire.socket.resume()
    expect((await wire.closed()).code).toBe(1013)
  })

  it('has the pings of its frames counted among its messages', async () => {
    await gateway.stop()
    await openGateway({ mostMessages: 50 })
    const wire = await openAcknowledged(gateway.url)
    for (let at = 0; at < 60; at++) wire.socket.ping()
    expect(await wire.closed()).toEqual({ code: 1013, reason: 'too many messages' })
  })

  it('has a ping of a frame answered while it behaves', async () => {
    const wire = await openAcknowledged(gateway.url)
    const heard = new Promise<string>((resolve) => wire.socket.on('pong', (data) => resolve(data.toString())))
    wire.socket.ping('there?')
    expect(await heard).toBe('there?')
    wire.socket.close()
  })

  it('leaves the answers of a client that reads alone', async () => {
    const wire = await openAcknowledged(gateway.url)
    for (let at = 0; at < 5; at++) {
      wire.say({ id: String(at), type: 'subscribe', payload: { query: '{ large }' } })
      expect(await wire.hear()).toMatchObject({ type: 'next', payload: { data: { large: LARGE } } })
      expect(await wire.hear()).toMatchObject({ type: 'complete' })
    }
    wire.socket.close()
  })
})

/** A place for a stream. */
async function reserved(): Promise<string> {
  return await (await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT' })).text()
}

async function ask(token: string, at: number): Promise<number> {
  const body = JSON.stringify({ query: `{ a${at}: large }`, extensions: { operationId: String(at) } })
  const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token }
  const response = await fetch(`${gateway.url}/graphql/stream`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

/** Opens the stream and never reads from it. */
async function unread(token: string): Promise<Socket> {
  const { port, hostname } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  open.push(socket)
  await new Promise<void>((resolve) => socket.on('connect', resolve))
  socket.write(`GET /graphql/stream?token=${token} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n`)
  socket.pause()
  return socket
}

describe('S21 a stream for several operations', () => {
  it('that nobody reads is ended, and its place with it', async () => {
    const token = await reserved()
    await unread(token)
    const answers: number[] = []
    for (let at = 0; at < MANY; at++) answers.push(await ask(token, at))
    expect(counted.filter((name) => name === 'stream.unread')).toHaveLength(1)
    expect(answers.at(-1)).toBe(404)
  })

  it('that nobody opens is forgotten when more waits for it than may', async () => {
    const token = await reserved()
    const answers: number[] = []
    for (let at = 0; at < 6; at++) {
      answers.push(await ask(token, at))
      await until(() => answered === at + 1 || answers.at(-1) === 404)
    }
    expect(counted.filter((name) => name === 'stream.unread')).toHaveLength(1)
    expect(answers.at(-1)).toBe(404)
  })

  it('has what came before it was opened, up to its bound', async () => {
    const token = await reserved()
    await ask(token, 0)
    await until(() => answered === 1)
    const response = await fetch(`${gateway.url}/graphql/stream?token=${token}`)
    const reader = response.body?.getReader()
    let heard = ''
    while (!heard.includes('event: complete')) heard += new TextDecoder().decode((await reader?.read())?.value)
    expect(heard).toContain(`{"id":"0","payload":{"data":{"a0":"${LARGE}"}}}`)
    await reader?.cancel()
  })
})
