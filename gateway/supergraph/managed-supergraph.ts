import { fields, json } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import { readJoins } from './joins.js'

/** Whoever finds a supergraph and its successors: `IntrospectAndCompose`, `LocalCompose`, `UplinkSupergraphManager` of `@apollo/gateway`, or anybody's of that form. */
export interface SupergraphManager {
  initialize(
    options: ManagerOptions,
  ): Promise<{ readonly supergraphSdl: string; readonly cleanup?: (() => Promise<void>) | undefined }>
}

/** What a manager is given. */
export interface ManagerOptions {
  /** Another supergraph is there. */
  readonly update: (supergraphSdl: string) => void
  /** Rejects when a subgraph of it does not answer. */
  readonly healthCheck: (supergraphSdl: string) => Promise<void>
  /** The way to a subgraph, to ask it for its schema. */
  readonly getDataSource: (subgraph: { readonly name: string; readonly url?: string }) => DataSource
}

/** As much of Apollo's data source as a manager uses. */
export interface DataSource {
  process(asked: {
    readonly request: { readonly query?: string; readonly http?: { readonly headers?: Iterable<[string, string]> } }
  }): Promise<Readonly<Record<string, unknown>>>
}

/** A supergraph with somebody who watches it. */
export interface ManagedSupergraph {
  readonly supergraph: string
  stop(): Promise<void>
}

const SCHEMA_TIMEOUT_MS = 10_000
const SCHEMA_BYTES = 33_554_432

/** The first supergraph of a manager; `update` hears the later ones. */
export async function managed(
  manager: SupergraphManager,
  update: (supergraph: string) => void,
): Promise<ManagedSupergraph> {
  const { supergraphSdl, cleanup } = await manager.initialize({
    update,
    healthCheck,
    getDataSource: ({ url }) => ({
      process: ({ request }) =>
        askForSchema(url ?? '', request.query ?? '', Object.fromEntries(request.http?.headers ?? [])),
    }),
  })
  return { supergraph: supergraphSdl, stop: async () => await cleanup?.() }
}

async function healthCheck(supergraph: string): Promise<void> {
  const { subgraphs } = readJoins(supergraph)
  await Promise.all([...subgraphs].map(([, url]) => askForSchema(url, '{ __typename }', {})))
}

async function askForSchema(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await call({
    url,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
    timeoutMs: SCHEMA_TIMEOUT_MS,
    mostBytes: SCHEMA_BYTES,
  })
  return fields(json(body.toString(), url), url)
}
