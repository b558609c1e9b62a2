import { openAcknowledged } from './wire.js'
import type { TestGateway } from './open-test-gateway.js'

/** What a transport brought back of one operation. */
export interface Brought {
  /** Codes of the errors, each once. */
  readonly codes: readonly string[]
  readonly data: unknown
}

/** One way to ask the gateway. A new transport joins every matrix by its line here. */
export type Transport = (
  gateway: TestGateway,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Brought>

export const TRANSPORTS: Readonly<Record<string, Transport>> = {
  POST: async (gateway, query, variables = {}) => read(await (await gateway.post({ query, variables })).text()),
  GET: async (gateway, query, variables = {}) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
    return read(await (await fetch(`${gateway.url}/graphql?${search.toString()}`)).text())
  },
  batch: async (gateway, query, variables = {}) => {
    const answer = JSON.parse(await (await gateway.post([{ query, variables }])).text()) as unknown
    return read(JSON.stringify(Array.isArray(answer) ? (answer[0] as unknown) : answer))
  },
  SSE: async (gateway, query, variables = {}) => {
    const response = await gateway.post({ query, variables }, { accept: 'text/event-stream' })
    const text = await response.text()
    return read(/^data: (\{.*)$/m.exec(text)?.[1] ?? text)
  },
  'SSE over GET': async (gateway, query, variables = {}) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
    const headers = { accept: 'text/event-stream' }
    const text = await (await fetch(`${gateway.url}/graphql?${search.toString()}`, { headers })).text()
    return read(/^data: (\{.*)$/m.exec(text)?.[1] ?? text)
  },
  multipart: async (gateway, query, variables = {}) => {
    const accept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9'
    const text = await (await gateway.post({ query, variables }, { accept })).text()
    return read(text)
  },
  WebSocket: async (gateway, query, variables = {}) => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query, variables } })
    const said = await Promise.race([
      wire.hear(),
      wire.closed().then(({ reason }) => ({ type: 'closed', payload: reason })),
    ])
    wire.socket.close()
    return read(JSON.stringify(said['type'] === 'error' ? { errors: said['payload'] } : said['payload']))
  },
}

interface Body {
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

function read(text: string): Brought {
  const { data, errors = [] } = JSON.parse(text) as Body
  return { data, codes: [...new Set(errors.map((error) => error.extensions?.code ?? 'none'))] }
}
