import { assembled, partsOf } from '../support/assemble.js'
import { openAcknowledged } from './wire.js'
import type { TestGateway } from './open-test-gateway.js'

/** What a transport brought back of one operation. */
export interface Brought {
  /** Codes of the errors, each once. */
  readonly codes: readonly string[]
  readonly data: unknown
}

/** Where a gateway is reached. */
export type Reached = Pick<TestGateway, 'url' | 'post'>

/** One way to ask the gateway. A new transport joins every matrix by its line here. */
export type Transport = (
  gateway: Reached,
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
    return read(/^(\{.*\})\s*$/m.exec(text)?.[1] ?? text)
  },
  'multipart with @defer': (gateway, query, variables = {}) => inParts(gateway, query, variables, 'deferSpec=20220824'),
  'multipart with @defer of today': (gateway, query, variables = {}) =>
    inParts(gateway, query, variables, 'incrementalSpec=v0.2'),
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
  'the single connection stream': async (gateway, query, variables = {}) => {
    const url = `${gateway.url}/graphql/stream`
    const token = await (await fetch(url, { method: 'PUT' })).text()
    const body = JSON.stringify({ query, variables, extensions: { operationId: '1' } })
    const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token }
    const stream = await fetch(`${url}?token=${token}`)
    const asked = await fetch(url, { method: 'POST', headers, body })
    const refusal = await asked.text()
    const text = asked.ok ? await untilNext(stream) : refusal
    await stream.body?.cancel()
    return read(/"payload":(\{.*\})\}$/m.exec(text)?.[1] ?? text)
  },
}

/** The ways on which a document can be named; it was made known to the gateway beforehand. */
export const BY_ID: Readonly<Record<string, (gateway: TestGateway, documentId: string) => Promise<Brought>>> = {
  POST: async (gateway, documentId) => read(await (await gateway.post({ documentId })).text()),
  GET: async (gateway, documentId) =>
    read(await (await fetch(`${gateway.url}/graphql?documentId=${documentId}`)).text()),
  SSE: async (gateway, documentId) => {
    const text = await (await gateway.post({ documentId }, { accept: 'text/event-stream' })).text()
    return read(/^data: (\{.*)$/m.exec(text)?.[1] ?? text)
  },
  WebSocket: async (gateway, documentId) => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { documentId } })
    const said = await wire.hear()
    wire.socket.close()
    return read(JSON.stringify(said['type'] === 'error' ? { errors: said['payload'] } : said['payload']))
  },
}

/** What a shared stream tells until it has told a whole event. */
async function untilNext(stream: Response): Promise<string> {
  const decoder = new TextDecoder()
  const reader = stream.body?.getReader()
  let text = ''
  while (!/^event: next\ndata: .*\n\n/m.test(text)) {
    const { value, done } = (await reader?.read()) ?? { done: true }
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  reader?.releaseLock()
  return text
}

/** Everything that a query asks for is deferred, so that all of it takes the way of parts. */
async function inParts(
  gateway: Reached,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  format: string,
): Promise<Brought> {
  const accept = `multipart/mixed;${format},application/json;q=0.9`
  const response = await gateway.post({ query: deferred(query), variables }, { accept })
  const body = await response.text()
  if (response.headers.get('content-type')?.startsWith('multipart/mixed') !== true) return read(body)
  return read(JSON.stringify(assembled(partsOf(body))))
}

/** `{ … }` → `{ ... @defer { … } }`; what has no such form, or no end, stays. */
function deferred(query: string): string {
  let depth = 0
  for (let at = 0; at < query.length; at++) {
    const sign = query[at]
    if (sign === '{') depth++
    if (sign === '}' && --depth === 0 && query.startsWith('{'))
      return `{ ... @defer ${query.slice(0, at + 1)} }${query.slice(at + 1)}`
  }
  return query
}

interface Body {
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

function read(text: string): Brought {
  const { data, errors = [] } = JSON.parse(text) as Body
  return { data, codes: [...new Set(errors.map((error) => error.extensions?.code ?? 'none'))] }
}
