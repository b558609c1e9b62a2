import { fastify } from 'fastify'
import type { Observer } from '../observe/observer.js'
import type { Door } from './door.js'
import { mountDoors } from './mount-doors.js'

/** A server that is nothing but doors, as the sandboxes are. `port` 0 takes a free one. */
export interface Serving {
  readonly url: string
  readonly port: number
  /** Takes no new calls, ends those under way, then closes. */
  stop(): Promise<void>
}

export interface ServeOptions {
  readonly doors: readonly Door[]
  readonly port: number
  readonly host?: string
  readonly observer: Observer
}

export async function serve({ doors, port, host = '127.0.0.1', observer }: ServeOptions): Promise<Serving> {
  const server = fastify({ logger: false, forceCloseConnections: 'idle' })
  let stopping = false
  // A connection that was busy when the others were closed would be kept alive, and waited for, for over a minute.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) void reply.header('connection', 'close')
    done()
  })
  mountDoors(server, doors, observer)
  const url = await server.listen({ port, host })
  return {
    url,
    port: Number(new URL(url).port),
    stop: () => {
      stopping = true
      return server.close()
    },
  }
}
