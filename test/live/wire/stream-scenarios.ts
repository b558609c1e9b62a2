import { equal, match, ok } from 'node:assert/strict'
import { QUERY, type Scenario, type Target } from './scenario.js'

const SSE = 'text/event-stream'
const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json;q=0.9'
const JSON_TYPE = { 'content-type': 'application/json' }

/** Server-Sent Events in both modes, and multipart. */
export const STREAM_SCENARIOS: readonly Scenario[] = [
  {
    says: 'SSE: a query is one next and then complete',
    async holds(target) {
      const response = await post(target, { query: QUERY }, SSE)
      match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
      match(await response.text(), /event: next\ndata: \{"data":\{"__typename":"\w+"\}\}\n\n[^]*event: complete\n/)
    },
  },
  {
    says: 'SSE: a GET asks the same',
    async holds({ url }) {
      const response = await fetch(`${url}/graphql?query=${encodeURIComponent(QUERY)}`, { headers: { accept: SSE } })
      match(await response.text(), /event: next\ndata: \{"data"[^]*event: complete\n/)
    },
  },
  {
    says: 'SSE: what is not valid is told, and then it is over',
    async holds(target) {
      const text = await (await post(target, { query: '{ noSuchFieldAnywhere }' }, SSE)).text()
      match(text, /"errors":\[/)
    },
  },
  {
    says: 'SSE: a GET runs no mutation',
    async holds({ url }) {
      const query = encodeURIComponent('mutation { __typename }')
      const text = await (await fetch(`${url}/graphql?query=${query}`, { headers: { accept: SSE } })).text()
      ok(!text.includes('"data":{'), text)
    },
  },
  {
    says: 'SSE: a subscription shows at once that it is heard, and nobody may keep or collect it',
    async holds(target) {
      const response = await post(target, { query: target.subscription }, SSE)
      equal(response.status, 200)
      match(response.headers.get('cache-control') ?? '', /no-store|no-cache/)
      const first = await firstOf(response)
      ok(first.length > 0)
    },
  },
  {
    says: 'SSE: a body that is no JSON is refused with 4xx',
    async holds({ url }) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...JSON_TYPE, accept: SSE },
        body: '{',
      })
      ok(response.status >= 400 && response.status < 500, String(response.status))
      await response.body?.cancel()
    },
  },
  {
    says: 'SSE, one connection: a reservation is 201 with a token in plain text',
    async holds(target) {
      const response = await fetch(stream(target), { method: 'PUT' })
      equal(response.status, 201)
      match(response.headers.get('content-type') ?? '', /^text\/plain/)
      ok((await response.text()).length >= 16)
    },
  },
  {
    says: 'SSE, one connection: a stream without a reservation is refused',
    async holds(target) {
      const response = await fetch(stream(target, 'nonsense'), { headers: { accept: SSE } })
      ok(response.status >= 400 && response.status < 500)
      await response.body?.cancel()
    },
  },
  {
    says: 'SSE, one connection: a second stream on one reservation is 409',
    async holds(target) {
      const token = await reserve(target)
      const first = await fetch(stream(target, token), { headers: { accept: SSE } })
      equal((await fetch(stream(target, token), { headers: { accept: SSE } })).status, 409)
      await first.body?.cancel()
    },
  },
  {
    says: 'SSE, one connection: an operation is 202, and its events bear its id',
    async holds(target) {
      const token = await reserve(target)
      const open = await fetch(stream(target, token), { headers: { accept: SSE } })
      equal((await operate(target, token, 'op', QUERY)).status, 202)
      const text = await textUntil(open, 'event: complete')
      match(text, /event: next\ndata: \{"id":"op","payload":\{"data"/)
      match(text, /event: complete\ndata: \{"id":"op"\}/)
    },
  },
  {
    says: 'SSE, one connection: the token may come in its header',
    async holds(target) {
      const headers = { ...JSON_TYPE, 'x-graphql-event-stream-token': await reserve(target) }
      const body = JSON.stringify({ query: QUERY, extensions: { operationId: 'op' } })
      equal((await fetch(stream(target), { method: 'POST', headers, body })).status, 202)
      const open = await fetch(stream(target), { headers: { ...headers, accept: SSE } })
      match(await textUntil(open, '"id":"op"'), /"payload"/)
    },
  },
  {
    says: 'SSE, one connection: an operation without an id is refused',
    async holds(target) {
      const response = await fetch(stream(target, await reserve(target)), {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ query: QUERY }),
      })
      equal(response.status, 400)
    },
  },
  {
    says: 'SSE, one connection: an id that runs is 409',
    async holds(target) {
      const token = await reserve(target)
      equal((await operate(target, token, 'op', target.subscription)).status, 202)
      equal((await operate(target, token, 'op', target.subscription)).status, 409)
    },
  },
  {
    says: 'SSE, one connection: a DELETE ends an operation, and its id is free',
    async holds(target) {
      const token = await reserve(target)
      await operate(target, token, 'op', target.subscription)
      const ended = await fetch(`${stream(target, token)}&operationId=op`, { method: 'DELETE' })
      equal(ended.status, 200)
      equal((await operate(target, token, 'op', target.subscription)).status, 202)
    },
  },
  {
    says: 'multipart: a subscription names its boundary and its specification, and the boundary stands at once',
    async holds(target) {
      const response = await post(target, { query: target.subscription }, MULTIPART)
      const type = response.headers.get('content-type') ?? ''
      match(type, /^multipart\/mixed/)
      match(type, /subscriptionSpec="?1\.0/)
      const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? 'none'
      ok((await firstOf(response)).includes(`--${boundary}`))
    },
  },
  {
    says: 'multipart: a subscription that is not valid is told with errors',
    async holds(target) {
      const response = await post(target, { query: 'subscription { noSuchFieldAnywhere }' }, MULTIPART)
      match(await response.text(), /"errors":\[/)
    },
  },
  {
    says: 'multipart: a query is answered in one piece of JSON',
    async holds(target) {
      const response = await post(target, { query: QUERY }, MULTIPART)
      match(response.headers.get('content-type') ?? '', /json/)
      ok(((await response.json()) as { data?: unknown }).data)
    },
  },
]

function post({ url }: Target, body: object, accept: string): Promise<Response> {
  return fetch(`${url}/graphql`, { method: 'POST', headers: { ...JSON_TYPE, accept }, body: JSON.stringify(body) })
}

function stream({ url }: Target, token?: string): string {
  return `${url}/graphql/stream${token === undefined ? '' : `?token=${token}`}`
}

async function reserve(target: Target): Promise<string> {
  return await (await fetch(stream(target), { method: 'PUT' })).text()
}

function operate(target: Target, token: string, operationId: string, query: string): Promise<Response> {
  const body = JSON.stringify({ query, extensions: { operationId } })
  return fetch(stream(target, token), { method: 'POST', headers: JSON_TYPE, body })
}

async function firstOf(response: Response): Promise<string> {
  return await textUntil(response, '')
}

/** What comes until some words have come; then the response is left. */
async function textUntil(response: Response, words: string): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  do {
    const step = await reader?.read()
    if (step?.done !== false) break
    text += decoder.decode(step.value, { stream: true })
  } while (!text.includes(words))
  await reader?.cancel()
  return text
}
