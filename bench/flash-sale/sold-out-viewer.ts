import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { fields, type Fields } from '../../platform/decode.js'
import { now } from './hops.js'

/** Somebody who watches sales on a WebSocket of his own, and notes the moment at which he was first told of each state of each. */
export interface SaleViewer {
  /** When he was told, in milliseconds of the common clock; undefined: not yet. */
  told(sale: string, state: string): number | undefined
  leave(): Promise<void>
}

/** Where, as whom, and what is watched; `stateOf` reads from an event which sale is in which state. */
export interface SaleWatching {
  readonly socketUrl: string
  readonly token: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly stateOf: (event: Fields) => readonly [sale: unknown, state: unknown] | null
}

export function watchSales({ socketUrl, token, query, variables, stateOf }: SaleWatching): SaleViewer {
  const times = new Map<string, number>()
  const client = createClient({
    ...{ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0 },
    connectionParams: { authorization: `Bearer ${token}` },
  })
  const leave = client.subscribe(
    { query, variables: { ...variables } },
    {
      next({ data }) {
        const at = now()
        const [event] = Object.values(fields(data, 'data'))
        const seen = stateOf(fields(event, 'event'))
        const name = seen === null ? null : `${String(seen[0])} ${String(seen[1])}`
        if (name !== null && !times.has(name)) times.set(name, at)
      },
      error: (error) => console.error('a viewer was told', error),
      complete: () => undefined,
    },
  )
  return {
    told: (sale, state) => times.get(`${sale} ${state}`),
    async leave() {
      leave()
      await client.dispose()
    },
  }
}
