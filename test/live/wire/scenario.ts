import { deepEqual, equal, ok } from 'node:assert/strict'
import { openAcknowledged, openWire, type Wire } from '../wire.js'

/** A gateway as the scenarios see it: an address, and one subscription that it serves and that does not end by itself. */
export interface Target {
  /** Like `http://127.0.0.1:4000`; the graph is at `/graphql`. */
  readonly url: string
  readonly subscription: string
}

/** One sentence of a protocol's text, and how to see whether it holds. */
export interface Scenario {
  readonly says: string
  readonly holds: (target: Target) => Promise<void>
}

/** A query that every graph answers. */
export const QUERY = '{ __typename }'

/** A scenario that begins with a socket that is open and nothing more. */
export function opened(says: string, act: (wire: Wire, target: Target) => Promise<void>): Scenario {
  return { says, holds: async (target) => await leaving(await openWire(target.url), target, act) }
}

/** A scenario that begins with a socket that was acknowledged. */
export function acknowledged(says: string, act: (wire: Wire, target: Target) => Promise<void>): Scenario {
  return { says, holds: async (target) => await leaving(await openAcknowledged(target.url), target, act) }
}

/** The server closes with this code. */
export async function closes(wire: Wire, code: number): Promise<string> {
  const closed = await wire.closed()
  equal(closed.code, code)
  return closed.reason
}

/** The next thing that is heard. */
export async function hears(wire: Wire, type: string, id?: string): Promise<Record<string, unknown>> {
  const message = await wire.hear()
  equal(message['type'], type, JSON.stringify(message))
  if (id !== undefined) equal(message['id'], id)
  return message
}

/** Nothing was said meanwhile: the answer to a ping is the next thing that is heard, and the socket stands. */
export async function hearsNothing(wire: Wire): Promise<void> {
  wire.say({ type: 'ping', payload: { quiet: true } })
  deepEqual(await wire.hear(), { type: 'pong', payload: { quiet: true } })
}

/** A query is answered and then complete. */
export async function answers(wire: Wire, id: string): Promise<void> {
  wire.say({ id, type: 'subscribe', payload: { query: QUERY } })
  const { payload } = await hears(wire, 'next', id)
  ok(typeof payload === 'object' && payload !== null && 'data' in payload)
  await hears(wire, 'complete', id)
}

async function leaving(wire: Wire, target: Target, act: (wire: Wire, target: Target) => Promise<void>): Promise<void> {
  try {
    await act(wire, target)
  } finally {
    wire.socket.terminate()
  }
}
