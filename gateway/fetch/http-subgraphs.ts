import { Failure } from '../../platform/failure.js'
import { CALL_FAILURES } from '../../platform/http/call.js'
import type { Posted } from '../../platform/http/poster.js'
import { packingOf, unpacked } from '../../platform/http/unpack.js'
import { signRequest } from '../../platform/http/sign-request.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Span } from '../../platform/observe/span.js'
import type { Clock } from '../../platform/time/clock.js'
import { abandoned, type SubgraphRequest } from './ask-subgraph.js'
import { BodyHeads, type Head } from './body-heads.js'
import { Doors, type SubgraphDoor } from './doors.js'
import { ONLY_THE_TOKEN, type HeaderRules } from './header-rules.js'
import { malformed, readAnswer, unavailable } from './read-answer.js'
import { late, timeLeft, type Ask } from './time-limit.js'

/** Kept-alive connections to one host of subgraphs. */
const CONNECTIONS = 64

/** How subgraphs are reached over HTTP. */
export interface HttpSubgraphsOptions {
  /** Where a subgraph listens; undefined when the supergraph names no address for it. */
  readonly urlOf: (subgraph: string) => string | undefined
  /** Proves to our own subgraphs that the gateway asks; null when the subgraphs are anybody's. */
  readonly key: Uint8Array | null
  readonly timeoutMs: (subgraph: string) => number
  /** The most that is read of one answer. */
  readonly mostBytes: number
  /** What goes down of the client's headers; by itself, the token only. */
  readonly headers?: HeaderRules
  /** The most kept-alive connections to one host of subgraphs. */
  readonly connections?: number
  /** The most quick queries that are under way on one of them; 1, the default here, lets none wait behind another. */
  readonly pipelining?: number
  readonly clock: Clock
  readonly observer: Observer
}

/** The way to subgraphs over HTTP, and its end. */
export interface HttpSubgraphs {
  readonly ask: Ask
  /** Null for a subgraph without an address. */
  readonly hostOf: (subgraph: string) => string | null
  stop(): Promise<void>
}

/** question -> signed POST -> bounded bytes -> an answer, or a `Failure` that names the kind of fault and no address. */
export function httpSubgraphs(options: HttpSubgraphsOptions): HttpSubgraphs {
  const { clock, observer, connections = CONNECTIONS, pipelining = 1 } = options
  const doors = new Doors(options.urlOf, { connections, pipelining })
  const heads = new BodyHeads(observer)
  const outcome = ({ subgraph }: SubgraphRequest, code: string, { pace }: Head, begun: number): void => {
    const now = clock.monotonicMs()
    pace.took(now - begun, now)
    observer.count('fetch.answered', { subgraph, code })
    observer.time('fetch.took', (now - begun) / 1000, { subgraph })
  }
  return {
    async ask(request, span = null) {
      const { subgraph } = request
      const door = doors.of(subgraph)
      if (door === null) throw unavailable(subgraph, 'has no address')
      const begun = clock.monotonicMs()
      const head = heads.of(request)
      const own = options.timeoutMs(subgraph)
      const timeoutMs = Math.min(own, Math.ceil(timeLeft(request, clock)))
      if (timeoutMs <= 0) throw late(request, timeoutMs, own)
      try {
        const posted = await send(door, request, { timeoutMs, pace: head.pace.step(begun), span, options, head })
        const isPlain = posted.contentEncoding === null
        const answer = readAnswer(subgraph, isPlain ? posted : await opened(subgraph, posted, options.mostBytes))
        outcome(request, 'ok', head, begun)
        return answer
      } catch (error) {
        const failure = told(request, error, (cause) => late(request, timeoutMs, own, cause))
        outcome(request, failure.code, head, begun)
        throw failure
      }
    },
    hostOf: (subgraph) => doors.of(subgraph)?.origin ?? null,
    stop: () => doors.stop(),
  }
}

/** How one question is sent. */
interface Sending {
  readonly timeoutMs: number
  /** Null goes alone. */
  readonly pace: number | null
  readonly span: Span | null
  readonly options: HttpSubgraphsOptions
  readonly head: Head
}

function send(
  { path, poster }: SubgraphDoor,
  request: SubgraphRequest,
  { timeoutMs, pace, span, options, head }: Sending,
): Promise<Posted> {
  const { signal, carried } = request.context
  const body = `${head.text}${request.variablesText ?? JSON.stringify(request.variables)}}`
  const headers = (options.headers ?? ONLY_THE_TOKEN).of(request.subgraph, request.context)
  // Who asks with other headers may be somebody else.
  const group = pace === null ? null : `${pace} ${Object.values(headers).join('\n')}`
  addManners(headers, request.context.requestId)
  const asking = span ?? carried?.span ?? null
  if (asking !== null) Object.assign(headers, asking.headers)
  // Whoever is asked can give up when we do.
  if (carried != null && carried.until < Infinity) headers['x-timeout-ms'] = String(timeoutMs)
  if (options.key !== null)
    Object.assign(headers, signRequest(options.key, { method: 'POST', path, body }, options.clock.now()))
  return poster.post(path, headers, body, {
    timeoutMs,
    mostBytes: options.mostBytes,
    signal,
    isSafe: request.kind === 'query',
    group,
  })
}

/** Nothing asks for a packed answer, but without being asked a proxy may pack one all the same (RFC 9110, "Accept-Encoding"). */
async function opened(subgraph: string, posted: Posted, mostBytes: number): Promise<Posted> {
  const packing = packingOf(posted.contentEncoding)
  if (packing === null) return posted
  if (packing === 'unknown') throw malformed(subgraph)
  try {
    return { ...posted, body: await unpacked(posted.body, packing, mostBytes) }
  } catch (error) {
    throw error instanceof Failure ? error : malformed(subgraph)
  }
}

function addManners(headers: Record<string, string>, requestId: string): void {
  headers['content-type'] = 'application/json'
  headers['accept'] = 'application/graphql-response+json, application/json;q=0.9'
  headers['x-request-id'] = requestId
}

function told({ subgraph, context }: SubgraphRequest, error: unknown, tooLate: (cause: unknown) => Failure): Failure {
  if (!(error instanceof Failure)) return unavailable(subgraph, 'did not answer', error)
  switch (error.code) {
    case CALL_FAILURES.timeout:
      return tooLate(error)
    case CALL_FAILURES.tooLarge:
      return new Failure('SUBGRAPH_TOO_LARGE', `subgraph ${subgraph} answered more than is read`, { cause: error })
    case CALL_FAILURES.unreachable:
      return context.signal?.aborted === true ? abandoned(subgraph) : unavailable(subgraph, 'did not answer', error)
    default:
      return error
  }
}
