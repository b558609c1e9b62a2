import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import { fields, json, maybe, text, type Fields } from '../../platform/decode.js'
import { until } from './until.js'

/** Somebody who watches a subscription with the client that people use, and remembers what came. */
export interface Viewer {
  readonly events: readonly Fields[]
  /** Cursors in the order they came; events without one are passed over. */
  readonly cursors: readonly string[]
  /** Resolves when an event holds. */
  sees(holds: (event: Fields) => boolean, what: string): Promise<void>
  leave(): Promise<void>
}

export interface Watching {
  readonly socketUrl: string
  readonly token: string | null
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Subscribes and keeps every event of the one root field. */
export function watch({ socketUrl, token, query, variables }: Watching): Viewer {
  const events: Fields[] = []
  const client: Client = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
  })
  const failed: unknown[] = []
  const unsubscribe = client.subscribe(
    { query, variables: { ...variables } },
    {
      next: ({ data, errors }) => {
        if (errors !== undefined) failed.push(errors)
        const [event] = Object.values(fields(data ?? {}, 'data'))
        if (event !== null && event !== undefined) events.push(fields(event, 'event'))
      },
      error: (error) => failed.push(error),
      complete: () => undefined,
    },
  )
  return {
    events,
    get cursors() {
      return events.flatMap((event) => maybe(event['cursor'], 'cursor', text) ?? [])
    },
    sees: (holds, what) =>
      until(() => {
        if (failed.length > 0) throw new Error(`the viewer was told: ${shown(failed[0])}`)
        return events.some(holds)
      }, what),
    async leave() {
      unsubscribe()
      await client.dispose()
    },
  }
}

function shown(failure: unknown): string {
  return failure instanceof Error ? failure.message : JSON.stringify(failure)
}

/** A deep copy with a null prototype nowhere, to be compared with `toEqual`. */
export function plain(value: unknown): unknown {
  return json(JSON.stringify(value), 'event')
}
