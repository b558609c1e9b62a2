import { Failure } from '../../platform/failure.js'
import type { Clock } from '../../platform/time/clock.js'
import type { SubgraphRequest, Subgraphs } from './ask-subgraph.js'

/** One way to ask, wherever in the row of guards it stands. */
export type Ask = Subgraphs['ask']

/** Whoever is asked answers within the time or has failed; also a subgraph in this same process, which no socket would give up on. */
export function timeLimit(ask: Ask, timeoutMs: (subgraph: string) => number, clock: Clock): Ask {
  return (request) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutMs(request.subgraph), () => reject(late(request)))
      ask(request).then(
        (answer) => {
          cancel()
          resolve(answer)
        },
        (error: unknown) => {
          cancel()
          reject(error instanceof Error ? error : new Error('a subgraph threw no error', { cause: error }))
        },
      )
    })
}

function late({ subgraph }: SubgraphRequest): Failure {
  return new Failure('SUBGRAPH_TIMEOUT', `subgraph ${subgraph} did not answer in time`)
}
