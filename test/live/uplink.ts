import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { UplinkSupergraphManager } from '@apollo/gateway'
import { fields, json } from '../../platform/decode.js'

/** A registry on this machine that speaks Apollo Uplink's protocol, and Apollo's manager that asks it. */
export interface Uplink {
  readonly manager: UplinkSupergraphManager
  /** Of each question: the graph, the key, and the version that is known. */
  readonly asked: readonly string[]
  publish(supergraph: string): void
  stop(): Promise<void>
}

/** How soon it wants to be asked again: the manager's own bound is ten seconds. */
const SOON_SECONDS = 0.02

export async function openUplink(): Promise<Uplink> {
  const asked: string[] = []
  let [version, supergraph] = [0, '']
  const answer = (known: unknown): object =>
    known === String(version)
      ? { __typename: 'Unchanged', id: known, minDelaySeconds: SOON_SECONDS }
      : {
          __typename: 'RouterConfigResult',
          id: String(version),
          supergraphSdl: supergraph,
          minDelaySeconds: SOON_SECONDS,
        }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const variables = fields(fields(json(body, 'uplink'), 'uplink')['variables'], 'variables')
      const { ref, apiKey, ifAfterId } = variables
      asked.push([ref, apiKey, ifAfterId].map(String).join(' '))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: { routerConfig: answer(ifAfterId) } }))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const manager = new UplinkSupergraphManager({
    apiKey: 'key',
    graphRef: 'shop@current',
    uplinkEndpoints: [`http://127.0.0.1:${port}/`],
    maxRetries: 0,
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  return {
    manager,
    asked,
    publish(next) {
      version++
      supergraph = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
