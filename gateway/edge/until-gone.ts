import type { ServerResponse } from 'node:http'
import { Aborting, type Abort } from '../../platform/abort.js'
import type { Carried } from '../fetch/ask-subgraph.js'

/** Aborted when the client closes before it has its answer; the request's span ends with the connection's part in it. */
export function untilGone(response: ServerResponse, carried: Carried | null): Abort {
  const gone = new Aborting()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
    carried?.span?.end(response.writableFinished ? undefined : 'ABANDONED')
  })
  return gone
}
