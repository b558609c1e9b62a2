import { Failure } from '../../../platform/failure.js'
import { fields, maybe, misread, oneOf, text, type Fields } from '../../../platform/decode.js'
import { namedDocument } from '../read-request.js'
import type { WantedDocument } from '../trusted-documents.js'

/** The one sub-protocol that is spoken. */
export const PROTOCOL = 'graphql-transport-ws'

/** Close codes of the protocol, and of WebSocket itself where they say it better. */
export const CLOSE = {
  goingAway: 1001,
  tooBig: 1009,
  tryLater: 1013,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  subprotocol: 4406,
  initTimeout: 4408,
  idTaken: 4409,
  tooManyInits: 4429,
  tooManySockets: 4429,
} as const

/** What a client asks in a `subscribe` message. */
export interface Subscribe {
  readonly wanted: WantedDocument
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
}

/** A client's message. */
export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: Fields }
  | { readonly type: 'ping'; readonly payload: unknown }
  | { readonly type: 'pong' }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: Subscribe }
  | { readonly type: 'complete'; readonly id: string }

const TYPES = ['connection_init', 'ping', 'pong', 'subscribe', 'complete'] as const

/** Text of a message -> what it says. Whatever is not in the protocol's document is a `Failure`. */
export function readMessage(message: string): ClientMessage {
  const it = fields(parsed(message), 'message')
  const type = oneOf(it['type'], 'message.type', TYPES)
  switch (type) {
    case 'connection_init':
      return { type, payload: maybe(it['payload'], 'payload', fields) ?? {} }
    case 'ping':
      return { type, payload: maybe(it['payload'], 'payload', fields) }
    case 'pong':
      maybe(it['payload'], 'payload', fields)
      return { type }
    case 'subscribe':
      return { type, id: idOf(it), payload: subscribe(it['payload']) }
    case 'complete':
      return { type, id: idOf(it) }
  }
}

function subscribe(value: unknown): Subscribe {
  const it = fields(value, 'payload')
  maybe(it['extensions'], 'payload.extensions', fields)
  const { id } = namedDocument(it)
  const query = maybe(it['query'], 'payload.query', (sent, place) => text(sent, place, { least: 0, most: Infinity }))
  if (id === null && query === null) throw misread('payload.query', 'a text', it['query'])
  return {
    wanted: { id, automatic: false, query },
    operationName: maybe(it['operationName'], 'payload.operationName', (name, place) =>
      text(name, place, { least: 0 }),
    ),
    variables: maybe(it['variables'], 'payload.variables', fields),
  }
}

function idOf(it: Fields): string {
  return text(it['id'], 'message.id', { most: 200 })
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message) as unknown
  } catch (cause) {
    throw new Failure('BAD_REQUEST', 'the message is not JSON', { cause })
  }
}
