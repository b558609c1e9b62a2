import type { ChildProcess } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { compile } from '../support/compile.js'
import { composed, type TestSubgraph } from '../support/federated.js'
import { serveSubgraphs, type ServedSubgraphs } from '../support/served-subgraphs.js'
import { ended, saying, startServer } from '../support/server.js'
import { stock, stockAndMore } from '../support/growing-shop.js'
import { until } from '../support/until.js'
import { manifestOf, BY_ID, TRANSPORTS, type Reached } from './transports.js'
import { openAcknowledged } from './wire.js'

const shop: TestSubgraph = {
  sdl: `type Query { shop: Shop } type Subscription { opened: Shop } type Shop @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Query: { shop: () => ({ id: '1', name: 's' }) },
    Subscription: {
      opened: {
        async *subscribe() {
          yield await Promise.resolve({ opened: { id: '2', name: 'o' } })
        },
      },
    },
  },
}

let served: ServedSubgraphs
let folder: string
let file: string
let gateway: ChildProcess
let url: string

beforeAll(async () => {
  compile()
  served = await serveSubgraphs({ shop, stock })
  folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  file = join(folder, 'supergraph.graphql')
  await writeFile(file, served.supergraph)
  gateway = started([])
  url = await addressOf(gateway)
})
afterAll(async () => {
  await ended(gateway, 'SIGKILL')
  await served.stop()
})

/** The process over the file, without a secret. */
function started(flags: readonly string[]): ChildProcess {
  const args = ['dist/gateway/main.js', '--supergraph', file, '--port', '0', '--log', 'error', ...flags]
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'DAIHUO_SECRET'))
  return startServer(process.execPath, args, { cwd: projectRoot(), env })
}

async function addressOf(process: ChildProcess): Promise<string> {
  return /ready at (\S+)\/graphql/.exec(await saying(process, 'ready at'))?.[1] ?? ''
}

async function ask(query: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const all = { 'content-type': 'application/json', ...headers }
  const body = JSON.stringify({ query })
  return await (await fetch(`${url}/graphql`, { method: 'POST', headers: all, body })).json()
}

const more = (): Promise<unknown> => ask('{ shop { more } }')
const MORE = { data: { shop: { more: 4 } } }

describe("the gateway's process, without a configuration and without a secret", () => {
  it('serves whatever supergraph it is given', async () => {
    expect(await ask('{ shop { name left } }')).toEqual({ data: { shop: { name: 's', left: 3 } } })
  })

  it('sends the token to every subgraph as it came, and signs nothing', async () => {
    served.asked.splice(0)
    await ask('{ shop { name left } }', { authorization: 'Bearer of anybody' })
    expect(served.asked.map(({ subgraph, headers }) => [subgraph, headers.authorization])).toEqual([
      ['shop', 'Bearer of anybody'],
      ['stock', 'Bearer of anybody'],
    ])
    expect(served.asked.flatMap(({ headers }) => Object.keys(headers)).join()).not.toMatch(/signature/)
  })

  it("subscribes at the subgraph's own address, where the token arrives", async () => {
    const wire = await openAcknowledged(url, { authorization: 'Bearer of a viewer' })
    wire.say({ id: '1', type: 'subscribe', payload: { query: 'subscription { opened { name left } }' } })
    expect(await wire.hear()).toMatchObject({ payload: { data: { opened: { name: 'o', left: 3 } } } })
    wire.socket.close()
    expect(served.greeted).toEqual([
      {
        subgraph: 'shop',
        headers: expect.objectContaining({ authorization: 'Bearer of a viewer' }) as unknown,
        init: { authorization: 'Bearer of a viewer' },
      },
    ])
  })

  it('keeps the old supergraph when its file is wrong, and takes the next that is right', async () => {
    served.become('stock', stockAndMore)
    const refused = saying(gateway, 'the new supergraph is wrong')
    await writeFile(file, `${served.supergraph} type Broken {`)
    await refused
    expect(await ask('{ shop { left } }')).toEqual({ data: { shop: { left: 3 } } })
    expect(await more()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    await writeFile(file, composed({ shop, stock: stockAndMore }, served.urlOf))
    await until(async () => JSON.stringify(await more()) === JSON.stringify(MORE))
  })

  it('ends with 0 on SIGTERM', async () => {
    await ended(gateway, 'SIGTERM')
    expect([gateway.exitCode, gateway.signalCode]).toEqual([0, null])
  })
})

describe("the gateway's process in the strict profile, with a manifest", () => {
  let strict: ChildProcess
  let reached: Reached

  beforeAll(async () => {
    const [manifest, config] = [join(folder, 'manifest.json'), join(folder, 'gateway.json')]
    await writeFile(manifest, manifestOf({ greet: '{ shop { name } }' }))
    await writeFile(config, JSON.stringify({ documents: { manifest }, batch: 2 }))
    strict = started(['--profile', 'strict', '--config', config])
    const at = await addressOf(strict)
    const json = { 'content-type': 'application/json' }
    const post = (body: unknown, headers = {}): Promise<Response> =>
      fetch(`${at}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
    reached = { url: at, post }
  })
  afterAll(() => ended(strict, 'SIGKILL'))

  it.each(Object.entries(TRANSPORTS))('serves nothing else over %s', async (_, send) => {
    expect(await send(reached, '{ shop { left } }')).toEqual({ codes: ['DOCUMENT_NOT_TRUSTED'], data: undefined })
    expect(await send(reached, 'subscription { opened { left } }')).toMatchObject({ codes: ['DOCUMENT_NOT_TRUSTED'] })
  })

  it.each(Object.entries(BY_ID))('serves what is in it over %s', async (_, send) => {
    expect(await send(reached, 'greet')).toEqual({ codes: [], data: { shop: { name: 's' } } })
    expect((await send(reached, 'other')).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })
})
