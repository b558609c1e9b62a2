import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { Profile } from '../../gateway/config.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { Closers } from '../../scripts/start/closers.js'
import { federated, subgraphSchema, nobody, type Federated, type TestSubgraph } from '../support/federated.js'
import { ended, saying, startServer } from '../support/server.js'

/** A gateway in a process of its own, over subgraphs that answer over HTTP from this one. */
export interface Target {
  readonly url: string
  readonly graph: Federated
  /** Bytes of its heap after a collection, and of the whole process. */
  weigh(): Promise<{ readonly heap: number; readonly resident: number }>
  /** Whether the process is still there. */
  alive(): boolean
  stop(): Promise<void>
}

/** A gateway that is found to hold more than this has a leak, or a cache without a bound: Node ends it. */
const MOST_HEAP_MB = 384

/** What a started gateway is told beside its supergraph. */
export interface TargetSettings {
  readonly profile: Profile
  readonly config?: Readonly<Record<string, unknown>>
}

/** subgraphs over HTTP -> their supergraph in a file -> `gateway/main.ts` as it is delivered. */
export async function openTarget(
  parts: Readonly<Record<string, TestSubgraph>>,
  { profile, config = {} }: TargetSettings,
): Promise<Target> {
  const closers = new Closers()
  const graph = federated(parts)
  const dir = closers.keep(await mkdtemp(join(tmpdir(), 'daihuo-target-')), (it) => rm(it, { recursive: true }))
  let supergraph = graph.supergraph
  for (const [name, part] of Object.entries(parts)) {
    const port = closers.keep(await openSubgraph(graph, name, part), (it) => closed(it)).address() as AddressInfo
    supergraph = supergraph.replace(`http://${name}.test/graphql`, `http://127.0.0.1:${port.port}/graphql`)
  }
  const [schemaFile, configFile] = [join(dir, 'supergraph.graphql'), join(dir, 'gateway.json')]
  await writeFile(schemaFile, supergraph)
  await writeFile(configFile, JSON.stringify(config))
  const collect = 'data:text/javascript,process.on("SIGUSR2",()=>globalThis.gc())'
  const node = [`--max-old-space-size=${MOST_HEAP_MB}`, '--expose-gc', `--import=${collect}`]
  const flags = [
    '--supergraph',
    schemaFile,
    '--config',
    configFile,
    '--profile',
    profile,
    '--port',
    '0',
    '--log',
    'silent',
  ]
  const child = startServer(process.execPath, [...node, 'dist/gateway/main.js', ...flags], { cwd: projectRoot() })
  closers.keep(child, (it) => ended(it, 'SIGTERM'))
  const url = /ready at (\S+)\/graphql/.exec(await saying(child, '/graphql'))?.[1] ?? ''
  return {
    url,
    graph,
    async weigh() {
      child.kill('SIGUSR2')
      const page = await (await fetch(`${url}/metrics`)).text()
      return {
        heap: figure(page, 'nodejs_heap_size_used_bytes'),
        resident: figure(page, 'process_resident_memory_bytes'),
      }
    },
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => closers.close(),
  }
}

function figure(page: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(page)?.[1] ?? 0)
}

async function openSubgraph({ subgraphs }: Federated, subgraph: string, part: TestSubgraph): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as {
        query: string
        variables: Record<string, unknown>
      }
      const question = { operationName: null, ...asked, subgraph, kind: 'query', context: nobody } as const
      void subgraphs.ask(question).then((answer) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
    })
  })
  useServer({ schema: subgraphSchema(part) }, new WebSocketServer({ server, path: '/graphql' }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
