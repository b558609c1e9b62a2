import type { IncomingHttpHeaders } from 'node:http'
import { passedOn, type Tracer } from '../../platform/observe/tracer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Carried } from '../fetch/ask-subgraph.js'

/** What of a request goes down to the subgraphs beside its token. */
export type Carry = (headers: IncomingHttpHeaders) => Carried | null

/** What a request may carry. */
export interface CarrySettings {
  /** Headers that go down to some subgraph, in lower case. */
  readonly names: readonly string[]
  /** The time for a whole request; 0 is without bound. */
  readonly requestMs: number
  /** Null where nobody traces: then a trace goes through as it came. */
  readonly tracer: Tracer | null
}

/** Reads what goes down, begins to count the request's time, and goes on with its trace. */
export function carry({ names, requestMs, tracer }: CarrySettings, clock: Clock): Carry {
  return (headers) => ({
    headers: names.length === 0 ? null : picked(headers, names),
    until: requestMs === 0 ? Infinity : clock.monotonicMs() + requestMs,
    span: tracer === null ? passedOn(headers) : tracer.begin('graphql.request', headers),
  })
}

/** The named headers that came. What `connection` names speaks of this connection only, whatever the settings say of it. */
function picked(headers: IncomingHttpHeaders, names: readonly string[]): Readonly<Record<string, string>> | null {
  let given: Record<string, string> | null = null
  for (const name of names) {
    const value = headers[name]
    if (typeof value !== 'string' || isOfConnection(headers.connection, name)) continue
    given ??= {}
    given[name] = value
  }
  return given
}

function isOfConnection(connection: string | undefined, name: string): boolean {
  return (
    connection !== undefined &&
    connection
      .toLowerCase()
      .split(/[\s,]+/)
      .includes(name)
  )
}
