import { connect } from 'node:net'
import WebSocket from 'ws'
import type { Attempt, Way } from './attempts.js'

/** How long an answer may take; streams and sockets are left after a shorter while. */
const LONGEST_MS = 10_000
const LISTEN_MS = 150

/** What a gateway must never tell: a fault of its own, a stack, an address, SQL. */
const INSIDES =
  /INTERNAL_SERVER_ERROR|node_modules|\bat [\w.<>]+ \(|\.js:\d+|127\.0\.0\.1:|select \* from|db\.internal|RangeError|TypeError|ECONN/

/** Throws it at the gateway; null when that behaved, else what was wrong. */
export async function throwAt(url: string, attempt: Attempt): Promise<string | null> {
  switch (attempt.kind) {
    case 'request':
      return await sendRequest(url, attempt.way, attempt.request)
    case 'body':
      return await judge(
        post(url, {
          headers: {
            'content-type': attempt.type,
            ...(attempt.encoding !== '' && { 'content-encoding': attempt.encoding }),
          },
          body: new Uint8Array(attempt.bytes),
        }),
      )
    case 'search':
      return await judge(
        fetch(`${url}/graphql?${attempt.search}`, { headers: { accept: attempt.accept }, signal: patience() }),
      )
    case 'bytes':
      return await rawly(url, attempt.bytes)
    case 'messages':
      return await converse(url, attempt.messages)
  }
}

const ACCEPT: Partial<Record<Way, string>> = {
  SSE: 'text/event-stream',
  'SSE over GET': 'text/event-stream',
  multipart: 'multipart/mixed;subscriptionSpec=1.0,application/json',
  defer: 'multipart/mixed;deferSpec=20220824,multipart/mixed;incrementalSpec=v0.2,application/json',
}

async function sendRequest(url: string, way: Way, request: unknown): Promise<string | null> {
  const accept = { accept: ACCEPT[way] ?? '*/*' }
  const json = { 'content-type': 'application/json', ...accept }
  switch (way) {
    case 'GET':
    case 'SSE over GET':
      return await judge(fetch(`${url}/graphql?${searchOf(request)}`, { headers: accept, signal: patience() }))
    case 'batch':
      return await judge(post(url, { headers: json, body: JSON.stringify([request, request]) }))
    case 'stream':
      return await overOneStream(url, request)
    case 'WebSocket':
      return await converse(url, [
        '{"type":"connection_init"}',
        JSON.stringify({ id: '1', type: 'subscribe', payload: request }),
      ])
    case 'POST':
    case 'SSE':
    case 'multipart':
    case 'defer':
      return await judge(post(url, { headers: json, body: JSON.stringify(request) }))
  }
}

function searchOf(request: unknown): string {
  const entries = Object.entries(request as object).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  // A line of a request has its own bound, which is not what is tried here.
  return new URLSearchParams(entries.map(([name, value]) => [name, value.slice(0, 3_000)])).toString()
}

/** GraphQL over SSE in its single connection mode: a place, an operation on it, and the stream that tells of it. */
async function overOneStream(url: string, request: unknown): Promise<string | null> {
  const token = await (await fetch(`${url}/graphql/stream`, { method: 'PUT', signal: patience() })).text()
  const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token }
  const body = JSON.stringify({ ...(request as object), extensions: { operationId: '1' } })
  const wrong = await judge(fetch(`${url}/graphql/stream`, { method: 'POST', headers, body, signal: patience() }))
  return wrong ?? (await judge(fetch(`${url}/graphql/stream?token=${token}`, { signal: patience() })))
}

function post(
  url: string,
  init: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
): Promise<Response> {
  return fetch(`${url}/graphql`, { method: 'POST', ...init, signal: patience() })
}

function patience(): AbortSignal {
  return AbortSignal.timeout(LONGEST_MS)
}

/** Only 2xx and 4xx are answers, and none of them tells an inside. */
async function judge(asked: Promise<Response>): Promise<string | null> {
  const response = await asked
  const said = await firstOf(response)
  if (response.status < 200 || response.status >= 500) return `status ${response.status}: ${said.slice(0, 500)}`
  return tellsInside(said)
}

/** All of a plain answer; of a stream what comes in a short while. */
async function firstOf(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? ''
  if (!/event-stream|multipart/.test(type)) return await response.text()
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const until = Date.now() + LISTEN_MS
  let said = ''
  while (Date.now() < until) {
    const part = await Promise.race([reader.read(), after(until - Date.now())])
    if (part === null || part.done) break
    said += Buffer.from(part.value).toString()
  }
  await reader.cancel()
  return said
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}

function tellsInside(said: string): string | null {
  if (/^content-type: text\/html/im.test(said)) return null // the page for people: a library's, full of its own names
  const inside = INSIDES.exec(said)
  return inside === null ? null : `tells ${inside[0]}: ${said.slice(0, 500)}`
}

function rawly(url: string, bytes: Uint8Array): Promise<string | null> {
  return new Promise((resolve) => {
    const { port, hostname } = new URL(url)
    let said = ''
    const done = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(
        /^HTTP\/1\.[01] 5/.test(said) && !said.startsWith('HTTP/1.1 505') ? said.slice(0, 500) : tellsInside(said),
      )
    }
    const timer = setTimeout(done, LISTEN_MS)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    socket.on('close', done)
    socket.on('error', done)
  })
}

/** The codes with which a socket may be closed: 1011 is a fault of the server, 1006 is a connection that broke. */
const FAULTS = [1006, 1011]

function converse(url: string, messages: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    let said = ''
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const done = (wrong: string | null): void => {
      clearTimeout(timer)
      socket.terminate()
      resolve(wrong ?? tellsInside(said))
    }
    const timer = setTimeout(() => done(null), LISTEN_MS)
    socket.on('open', () => {
      for (const message of messages) socket.send(message)
    })
    socket.on('message', (message) => {
      said += (message as Buffer).toString()
      if (said.includes('"type":"complete"')) done(null)
    })
    socket.on('close', (code) => done(FAULTS.includes(code) ? `closed with ${code}` : null))
    socket.on('error', (error) => done(`socket: ${error.message}`))
  })
}
