import fc from 'fast-check'
import type { GraphQLSchema } from 'graphql'
import { HOSTILE } from './hostile.js'
import { madeQuery } from './make-query.js'

/** The ways by which a request goes. */
export const WAYS = [
  'POST',
  'GET',
  'batch',
  'SSE',
  'SSE over GET',
  'multipart',
  'defer',
  'stream',
  'WebSocket',
] as const
export type Way = (typeof WAYS)[number]

/** One thing to throw at a gateway. */
export type Attempt =
  | { readonly kind: 'request'; readonly way: Way; readonly request: unknown }
  | { readonly kind: 'body'; readonly type: string; readonly encoding: string; readonly bytes: Uint8Array }
  | { readonly kind: 'search'; readonly search: string; readonly accept: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'messages'; readonly messages: readonly string[] }

/** Random bytes, requests that are almost right, mutated and hostile ones; what is drawn is decided by fast-check's seed. */
export function attempts(schema: GraphQLSchema): fc.Arbitrary<Attempt> {
  const request = requests(schema)
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('request' as const), way: fc.constantFrom(...WAYS), request }),
    },
    { weight: 3, arbitrary: bodies(request) },
    { weight: 1, arbitrary: searches(schema) },
    { weight: 1, arbitrary: rawBytes() },
    { weight: 1, arbitrary: conversations(request) },
  )
}

function requests(schema: GraphQLSchema): fc.Arbitrary<unknown> {
  const made = fc.array(fc.nat(10_000), { maxLength: 120 }).map((tape) => madeQuery(schema, tape))
  const mutated = fc.tuple(made, edits()).map(([{ query, variables }, change]) => ({ query: change(query), variables }))
  const hostile = fc.constantFrom(...HOSTILE).map(({ query, variables = {} }) => ({ query, variables }))
  const odd = fc.record(
    {
      query: fc.oneof(
        fc.array(fc.nat(0xffff), { maxLength: 100 }).map((codes) => String.fromCharCode(...codes)),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      variables: fc.oneof(
        fc.jsonValue({ maxDepth: 4 }),
        fc.dictionary(fc.constantFrom('v', '__proto__', 'then'), fc.jsonValue()),
      ),
      operationName: fc.oneof(fc.constantFrom('Q', '', '__proto__'), fc.jsonValue({ maxDepth: 1 })),
      extensions: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.record({
          persistedQuery: fc.record({
            version: fc.jsonValue({ maxDepth: 1 }),
            sha256Hash: fc.jsonValue({ maxDepth: 1 }),
          }),
        }),
      ),
      documentId: fc.jsonValue({ maxDepth: 1 }),
      id: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  )
  return fc.oneof(
    { weight: 6, arbitrary: made },
    { weight: 4, arbitrary: mutated },
    { weight: 1, arbitrary: hostile },
    { weight: 2, arbitrary: odd },
    { weight: 1, arbitrary: fc.tuple(made, odd).map(([it, rest]) => ({ ...rest, ...it })) },
  )
}

const TOKENS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '...',
  '@',
  '$',
  '"',
  '"""',
  '#',
  '!',
  '|',
  '&',
  ':',
  '=',
  '\\u{110000}',
  '\u0000',
  '\ud800',
  '__proto__',
  'on',
  'fragment',
  ' { a',
  '\ufeff',
]

/** A few places of a text, each replaced, cut or doubled. */
function edits(): fc.Arbitrary<(text: string) => string> {
  const one = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(12),
    put: fc.constantFrom('', ...TOKENS),
  })
  return fc.array(one, { minLength: 1, maxLength: 4 }).map(
    (all) => (text) =>
      all.reduce((now, { at, cut, put }) => {
        const place = Math.floor(at * now.length)
        return now.slice(0, place) + put + now.slice(place + cut)
      }, text),
  )
}

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql+json',
  '',
  ';',
  'application/json;;;="',
]

function bodies(request: fc.Arbitrary<unknown>): fc.Arbitrary<Attempt> {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.tuple(request, edits()).map(([it, change]) => new TextEncoder().encode(change(JSON.stringify(it)))),
    fc.array(request, { maxLength: 4 }).map((all) => new TextEncoder().encode(JSON.stringify(all))),
  )
  const encoding = fc.constantFrom('', '', '', 'gzip', 'br', 'deflate', 'gzip, br', 'identity', 'x')
  return fc.record({
    kind: fc.constant('body' as const),
    type: fc.constantFrom('application/json', ...TYPES),
    encoding,
    bytes,
  })
}

function searches(schema: GraphQLSchema): fc.Arbitrary<Attempt> {
  const made = fc
    .array(fc.nat(10_000), { maxLength: 30 })
    .map((tape) => encodeURIComponent(madeQuery(schema, tape).query))
  const value = fc.oneof(
    made,
    fc.string({ maxLength: 40 }),
    fc.constantFrom('%', '%00', '%ff', '{hello}', '{}', '[]', 'null'),
  )
  const name = fc.constantFrom(
    'query',
    'query',
    'variables',
    'extensions',
    'operationName',
    'documentId',
    '__proto__',
    '',
  )
  const search = fc
    .array(
      fc.tuple(name, value).map(([key, it]) => `${key}=${it}`),
      { maxLength: 5 },
    )
    .map((all) => all.join('&'))
  const accept = fc.constantFrom('*/*', 'text/event-stream', 'text/html', 'multipart/mixed;subscriptionSpec=1.0', '')
  return fc.record({ kind: fc.constant('search' as const), search, accept })
}

/** What may be no HTTP at all. */
function rawBytes(): fc.Arbitrary<Attempt> {
  const line = fc.constantFrom(
    'POST /graphql HTTP/1.1',
    'GET /graphql?query={hello} HTTP/1.1',
    'PUT /graphql/stream HTTP/1.1',
    'GET /%ff HTTP/1.1',
    'GET * HTTP/1.0',
    'PRI * HTTP/2.0',
    'CONNECT x:1 HTTP/1.1',
    'GET /graphql HTTP/9.9',
    'OPTIONS * HTTP/1.1',
  )
  const header = fc.constantFrom(
    'host: x',
    'content-length: 5',
    'content-length: 99999999999',
    'content-length: -1',
    'transfer-encoding: chunked',
    'transfer-encoding: gzip',
    'expect: 100-continue',
    'expect: x',
    'upgrade: websocket',
    'connection: upgrade',
    'sec-websocket-key: x',
    'sec-websocket-version: 13',
    'content-type: application/json',
    'cookie: a=b',
    'origin: null',
    'x: \u0000',
    ' folded',
    'accept: text/event-stream',
  )
  const http = fc
    .tuple(line, fc.array(header, { maxLength: 6 }), fc.uint8Array({ maxLength: 50 }))
    .map(([first, headers, rest]) =>
      Buffer.concat([Buffer.from([first, ...headers, '', ''].join('\r\n'), 'latin1'), rest]),
    )
  return fc.record({
    kind: fc.constant('bytes' as const),
    bytes: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 300 }), http),
  })
}

/** Messages of a socket, in and out of the protocol's order. */
function conversations(request: fc.Arbitrary<unknown>): fc.Arbitrary<Attempt> {
  const message = fc.oneof(
    fc.constantFrom(
      '{"type":"connection_init"}',
      '{"type":"ping"}',
      '{"type":"pong"}',
      '{"id":"1","type":"complete"}',
      '{"type":"connection_init","payload":1}',
      '{"type":"subscribe"}',
      '[]',
      '',
    ),
    fc
      .tuple(fc.constantFrom('1', '2', '', '__proto__'), request)
      .map(([id, payload]) => JSON.stringify({ id, type: 'subscribe', payload })),
    fc.json(),
    fc.string({ maxLength: 50 }),
  )
  const messages = fc
    .array(message, { minLength: 1, maxLength: 6 })
    .map((all) => ['{"type":"connection_init"}', ...all])
  return fc.record({ kind: fc.constant('messages' as const), messages })
}
