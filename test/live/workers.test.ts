import { EventEmitter, on, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { buildSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { compile } from '../support/compile.js'
import { composed } from '../support/federated.js'
import { ended, saying, startServer } from '../support/server.js'
import { until } from '../support/until.js'
import { openAcknowledged } from './wire.js'

const SDL = 'type Query { hello: String } type Subscription { ticked: Int }'

let subgraph: Server
let ticks: EventEmitter
/** How many subscriptions have come to the subgraph. */
let upstreams: number
let gateway: ChildProcess
let url: string

beforeAll(compile)
beforeEach(async () => {
  subgraph = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"hello":"hi"}}')
  }).listen(0, '127.0.0.1')
  await once(subgraph, 'listening')
  ticks = new EventEmitter()
  upstreams = 0
  useServer(
    { schema: buildSchema(SDL), roots: { subscription: { ticked } } },
    new WebSocketServer({ server: subgraph }),
  )
  const { port } = subgraph.address() as AddressInfo // a TCP server's
  const supergraph = composed({ shop: { sdl: SDL } })
  const file = join(await mkdtemp(join(tmpdir(), 'workers-')), 'supergraph.graphql')
  await writeFile(file, supergraph.replace('http://shop.test', `http://127.0.0.1:${port}`))
  const args = ['dist/gateway/main.js', '--supergraph', file, '--port', '0', '--workers', '2', '--log', 'silent']
  gateway = startServer(process.execPath, args, { cwd: projectRoot() })
  url = /ready at (\S+)\/graphql/.exec(await saying(gateway, 'ready at'))?.[1] ?? ''
})
afterEach(async () => {
  await ended(gateway, 'SIGKILL')
  subgraph.close()
})

async function hello(): Promise<unknown> {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  return await (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ hello }"}' })).json()
}

function pids(): readonly number[] {
  const pid = gateway.pid ?? 0
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

/** A figure of each worker. */
async function figures(name: string): Promise<readonly number[]> {
  const page = await (await fetch(`${url}/metrics`)).text()
  return ['1', '2'].map((worker) =>
    Number(new RegExp(`^daihuo_${name}{worker="${worker}"} (\\d+)`, 'm').exec(page)?.[1]),
  )
}

async function* ticked(): AsyncGenerator<{ readonly ticked: unknown }> {
  const heard = on(ticks, 'tick')
  upstreams++
  for await (const [seq] of heard as AsyncIterable<readonly unknown[]>) yield { ticked: seq }
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0)

describe('workers that share a port', () => {
  it('are given sockets in turn, and tell their figures on one page', async () => {
    const wires = await Promise.all([1, 2, 3, 4].map(() => openAcknowledged(url)))
    const counted = await figures('socket_open')
    expect(sum(counted)).toBe(4)
    expect(Math.min(...counted)).toBeGreaterThan(0)
    for (const { socket } of wires) socket.terminate()
  })

  it('hear a topic once each, and tell each event once to each viewer', async () => {
    const wires = await Promise.all([1, 2, 3, 4].map(() => openAcknowledged(url)))
    for (const wire of wires) wire.say({ id: '1', type: 'subscribe', payload: { query: 'subscription { ticked }' } })
    await until(async () => sum(await figures('live_viewers')) === wires.length && upstreams === 2)
    expect(await figures('live_upstreams')).toEqual([1, 1])
    for (const seq of [1, 2, 3]) ticks.emit('tick', seq)
    for (const wire of wires) {
      for (const seq of [1, 2, 3])
        expect(await wire.hear()).toEqual({ id: '1', type: 'next', payload: { data: { ticked: seq } } })
      wire.say({ type: 'ping' })
      expect(await wire.hear()).toEqual({ type: 'pong' })
      wire.socket.terminate()
    }
    expect(upstreams).toBe(2)
  })

  it('are replaced when they die, and the others serve on', async () => {
    const [first = 0, ...others] = pids()
    process.kill(first, 'SIGKILL')
    // A connection that is being handed over at this very moment goes down with it.
    await until(() => !pids().includes(first))
    for (let at = 0; at < 10; at++) expect(await hello()).toEqual({ data: { hello: 'hi' } })
    await until(() => pids().length === 2)
    expect(pids()).toEqual(expect.arrayContaining(others))
    await until(async () => (await fetch(`${url}/metrics`)).ok)
  })

  it('R22 all drain on one SIGTERM: sockets are told to go elsewhere, and the end is 0', async () => {
    const wires = await Promise.all([1, 2, 3, 4].map(() => openAcknowledged(url)))
    const closed = Promise.all(wires.map((wire) => wire.closed()))
    await ended(gateway, 'SIGTERM')
    expect((await closed).map(({ code }) => code)).toEqual([1001, 1001, 1001, 1001])
    expect(gateway.exitCode).toBe(0)
  })
})

describe('workers that cannot begin', () => {
  it('end the whole with 1 and say why', async () => {
    const { port } = new URL(url)
    const args = ['dist/gateway/main.js', '--supergraph', 'schema/supergraph.graphql', '--port', port, '--workers', '2']
    const second = startServer(process.execPath, args, { cwd: projectRoot() })
    await expect(saying(second, 'ready at')).rejects.toThrow('EADDRINUSE')
    expect(second.exitCode).toBe(1)
  })
})
