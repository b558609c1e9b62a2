import { Failure } from '../../platform/failure.js'
import { call, CALL_FAILURES, type Called } from '../../platform/http/call.js'
import { signRequest } from '../../platform/http/sign-request.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { readAnswer, unavailable } from './read-answer.js'

/** How subgraphs are reached over HTTP. */
export interface HttpSubgraphsOptions {
  /** Where a subgraph listens; undefined when the supergraph names no address for it. */
  readonly urlOf: (subgraph: string) => string | undefined
  /** Proves to our own subgraphs that the gateway asks; null when the subgraphs are anybody's. */
  readonly key: Uint8Array | null
  readonly timeoutMs: (subgraph: string) => number
  /** The most that is read of one answer. */
  readonly mostBytes: number
  readonly clock: Clock
  readonly observer: Observer
}

/** One question to one subgraph over HTTP. */
export type AskOverHttp = (request: SubgraphRequest) => Promise<SubgraphAnswer>

/** question -> signed POST -> bounded bytes -> an answer, or a `Failure` that names the kind of fault and no address. */
export function askOverHttp(options: HttpSubgraphsOptions): AskOverHttp {
  return async (request) => {
    const url = options.urlOf(request.subgraph)
    if (url === undefined) throw unavailable(request.subgraph, 'has no address')
    const begun = options.clock.monotonicMs()
    const outcome = (code: string): void => {
      options.observer.count('fetch.answered', { subgraph: request.subgraph, code })
      const seconds = (options.clock.monotonicMs() - begun) / 1000
      options.observer.time('fetch.took', seconds, { subgraph: request.subgraph })
    }
    try {
      const answer = readAnswer(request.subgraph, await send(url, request, options))
      outcome('ok')
      return answer
    } catch (error) {
      const failure = told(request.subgraph, error)
      outcome(failure.code)
      throw failure
    }
  }
}

async function send(url: string, request: SubgraphRequest, options: HttpSubgraphsOptions): Promise<Called> {
  const { context } = request
  const body = bodyOf(request)
  return await call({
    url,
    method: 'POST',
    headers: { ...headersOf(request), ...(options.key && signature(url, body, options.key, options.clock)) },
    body,
    timeoutMs: options.timeoutMs(request.subgraph),
    mostBytes: options.mostBytes,
    ...(context.signal !== null && { signal: context.signal }),
  })
}

function bodyOf(request: SubgraphRequest): string {
  const { query, operationName } = request
  const head = JSON.stringify(operationName === null ? { query } : { query, operationName })
  return `${head.slice(0, -1)},"variables":${request.variablesText ?? JSON.stringify(request.variables)}}`
}

function headersOf({ context }: SubgraphRequest): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'x-request-id': context.requestId,
    ...(context.authorization !== null && { authorization: context.authorization }),
  }
}

function signature(url: string, body: string, key: Uint8Array, clock: Clock): Record<string, string> {
  const { pathname, search } = new URL(url)
  return signRequest(key, { method: 'POST', path: pathname + search, body }, clock.now())
}

function told(subgraph: string, error: unknown): Failure {
  if (!(error instanceof Failure)) return unavailable(subgraph, 'did not answer', error)
  switch (error.code) {
    case CALL_FAILURES.timeout:
      return new Failure('SUBGRAPH_TIMEOUT', `subgraph ${subgraph} did not answer in time`, { cause: error })
    case CALL_FAILURES.tooLarge:
      return new Failure('SUBGRAPH_TOO_LARGE', `subgraph ${subgraph} answered more than is read`, { cause: error })
    case CALL_FAILURES.unreachable:
      return unavailable(subgraph, 'did not answer', error)
    default:
      return error
  }
}
