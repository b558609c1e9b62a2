import type { Server } from 'node:http'

/** Ends a server's connections once nothing runs on them. */
export interface Drain {
  begin(): void
}

/**
 * Node leaves a connection open that has not asked anything yet (browsers open such ones beforehand), and a stop would wait for its
 * time-out. Once the last answer is out there is nothing to wait for: every connection is closed.
 */
export function drainOf(server: Server): Drain {
  let running = 0
  let draining = false
  const closeWhenDone = (): void => {
    if (draining && running === 0) server.closeAllConnections()
  }
  server.on('request', (_request, response) => {
    running++
    response.once('close', () => {
      running--
      setImmediate(closeWhenDone)
    })
  })
  return {
    begin() {
      draining = true
      closeWhenDone()
    },
  }
}
