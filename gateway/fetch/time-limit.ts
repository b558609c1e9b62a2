import { Failure } from '../../platform/failure.js'
import type { Clock } from '../../platform/time/clock.js'
import { abandoned, type SubgraphRequest, type Subgraphs } from './ask-subgraph.js'

/** One way to ask, wherever in the row of guards it stands. */
export type Ask = Subgraphs['ask']

/**
 * Whoever is asked answers within the time or has failed; also a subgraph in this same process, which no socket would give up on. What
 * nobody waits for any more is not asked, and not waited for.
 */
export function timeLimit(ask: Ask, timeoutMs: (subgraph: string) => number, clock: Clock): Ask {
  return (request) =>
    new Promise((resolve, reject) => {
      const { signal } = request.context
      if (signal?.aborted === true) {
        reject(abandoned(request.subgraph))
        return
      }
      const own = timeoutMs(request.subgraph)
      const ms = Math.min(own, timeLeft(request, clock))
      if (ms <= 0) {
        reject(late(request, ms, own))
        return
      }
      const left = (): void => over(abandoned(request.subgraph))
      const cancel = clock.after(ms, () => over(late(request, ms, own)))
      signal?.addEventListener('abort', left)
      const forget = (): void => {
        cancel()
        signal?.removeEventListener('abort', left)
      }
      const over = (failure: Error): void => {
        forget()
        reject(failure)
      }
      ask(request).then(
        (answer) => {
          forget()
          resolve(answer)
        },
        (error: unknown) =>
          over(error instanceof Error ? error : new Error('a subgraph threw no error', { cause: error })),
      )
    })
}

/** What is left of the time for the whole request. */
export function timeLeft({ context: { carried } }: SubgraphRequest, clock: Clock): number {
  return carried == null ? Infinity : carried.until - clock.monotonicMs()
}

/** Too late. Who had less than half of his own time is not to blame: the request had used it up elsewhere. */
export function late({ subgraph }: SubgraphRequest, hadMs: number, ownMs: number, cause?: unknown): Failure {
  if (hadMs < ownMs / 2) return new Failure('REQUEST_TIMEOUT', `no time was left for subgraph ${subgraph}`, { cause })
  return new Failure('SUBGRAPH_TIMEOUT', `subgraph ${subgraph} did not answer in time`, { cause })
}
