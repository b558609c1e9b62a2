import { createHash } from 'node:crypto'
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
  batch: async (gateway, query, variables = {}) => onlyOne(await gateway.post([{ query, variables }])),
  'an automatic persisted document': async (gateway, query, variables = {}) => {
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') }
    const named = { variables, extensions: { persistedQuery } }
    const registered = read(await (await gateway.post({ ...named, query })).text())
    // What was taken is asked for by its hash alone.
    return registered.codes.length > 0 ? registered : read(await (await gateway.post(named)).text())
  },
  SSE: async (gateway, query, variables = {}) => told(await gateway.post({ query, variables }, { accept: SSE })),
  'SSE over GET': async (gateway, query, variables = {}) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
    return told(await fetch(`${gateway.url}/graphql?${search.toString()}`, { headers: { accept: SSE } }))
  },
  multipart: async (gateway, query, variables = {}) =>
    inOneOrMore(await gateway.post({ query, variables }, { accept: MULTIPART })),
  'multipart with @defer': (gateway, query, variables = {}) => inParts(gateway, query, variables, 'deferSpec=20220824'),
  'multipart with @defer of today': (gateway, query, variables = {}) =>
    inParts(gateway, query, variables, 'incrementalSpec=v0.2'),
  WebSocket: (gateway, query, variables = {}) => overSocket(gateway, { query, variables }),
  'the single connection stream': (gateway, query, variables = {}) => overOneStream(gateway, { query, variables }),
}

/** The ways on which a document can be named; it was made known to the gateway beforehand. */
export const BY_ID: Readonly<Record<string, (gateway: Reached, documentId: string) => Promise<Brought>>> = {
  POST: async (gateway, documentId) => read(await (await gateway.post({ documentId })).text()),
  GET: async (gateway, documentId) =>
    read(await (await fetch(`${gateway.url}/graphql?documentId=${documentId}`)).text()),
  'POST, as Apollo names it': async (gateway, sha256Hash) =>
    read(await (await gateway.post({ extensions: { persistedQuery: { version: 1, sha256Hash } } })).text()),
  batch: async (gateway, documentId) => onlyOne(await gateway.post([{ documentId }])),
  SSE: async (gateway, documentId) => told(await gateway.post({ documentId }, { accept: SSE })),
  'SSE over GET': async (gateway, documentId) =>
    told(await fetch(`${gateway.url}/graphql?documentId=${documentId}`, { headers: { accept: SSE } })),
  multipart: async (gateway, documentId) => inOneOrMore(await gateway.post({ documentId }, { accept: MULTIPART })),
  'multipart with @defer': async (gateway, documentId) =>
    whole(await gateway.post({ documentId: deferredId(documentId) }, { accept: acceptOf('deferSpec=20220824') })),
  'multipart with @defer of today': async (gateway, documentId) =>
    whole(await gateway.post({ documentId: deferredId(documentId) }, { accept: acceptOf('incrementalSpec=v0.2') })),
  WebSocket: (gateway, documentId) => overSocket(gateway, { documentId }),
  'the single connection stream': (gateway, documentId) => overOneStream(gateway, { documentId }),
}

/** A manifest of documents by their ids, each also in the form in which all of it is deferred. */
export function manifestOf(documents: Readonly<Record<string, string>>): string {
  const entries = Object.entries(documents)
  return JSON.stringify(
    Object.fromEntries(
      entries.flatMap(([id, query]) => [[id, query] as const, [deferredId(id), deferred(query)] as const]),
    ),
  )
}

const SSE = 'text/event-stream'
const MULTIPART = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9'
const acceptOf = (format: string): string => `multipart/mixed;${format},application/json;q=0.9`
const deferredId = (id: string): string => `${id}-deferred`

/** The one answer of a batch, or the refusal of all of it. */
async function onlyOne(response: Response): Promise<Brought> {
  const answer: unknown = await response.json()
  return read(JSON.stringify(Array.isArray(answer) ? (answer[0] as unknown) : answer))
}

/** The first event of a stream, or the whole refusal. */
async function told(response: Response): Promise<Brought> {
  const text = await response.text()
  return read(/^data: (\{.*)$/m.exec(text)?.[1] ?? text)
}

/** The first part, where the answer came in parts. */
async function inOneOrMore(response: Response): Promise<Brought> {
  const text = await response.text()
  return read(/^(\{.*\})\s*$/m.exec(text)?.[1] ?? text)
}

async function overSocket(gateway: Reached, payload: Readonly<Record<string, unknown>>): Promise<Brought> {
  const wire = await openAcknowledged(gateway.url)
  wire.say({ id: '1', type: 'subscribe', payload })
  const said = await Promise.race([
    wire.hear(),
    wire.closed().then(({ reason }) => ({ type: 'closed', payload: reason })),
  ])
  wire.socket.close()
  return read(JSON.stringify(said['type'] === 'error' ? { errors: said['payload'] } : said['payload']))
}

async function overOneStream(gateway: Reached, asking: Readonly<Record<string, unknown>>): Promise<Brought> {
  const url = `${gateway.url}/graphql/stream`
  const token = await (await fetch(url, { method: 'PUT' })).text()
  const body = JSON.stringify({ ...asking, extensions: { operationId: '1' } })
  const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token }
  const stream = await fetch(`${url}?token=${token}`)
  const asked = await fetch(url, { method: 'POST', headers, body })
  const refusal = await asked.text()
  const text = asked.ok ? await untilNext(stream) : refusal
  await stream.body?.cancel()
  return read(/"payload":(\{.*\})\}$/m.exec(text)?.[1] ?? text)
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
  return await whole(await gateway.post({ query: deferred(query), variables }, { accept: acceptOf(format) }))
}

/** All parts of an answer, put together. */
async function whole(response: Response): Promise<Brought> {
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
  /** In a part of a multipart subscription the answer stands within. */
  readonly payload?: Body | null
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

function read(text: string): Brought {
  const body = JSON.parse(text) as Body
  const { data, errors = [] } = body.payload ?? body
  return { data, codes: [...new Set(errors.map((error) => error.extensions?.code ?? 'none'))] }
}
