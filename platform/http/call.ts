import { Agent, errors, request, type Dispatcher } from 'undici'
import { Failure } from '../failure.js'

/** One HTTP call to a stranger, with the bounds it must keep. */
export interface Call {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number
  /** The most that is read of the answer. */
  readonly mostBytes: number
  readonly signal?: AbortSignal
}

export interface Called {
  readonly status: number
  /** Names in lower case; of a header that came twice, the first. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Why a call brought no answer; `Failure.code` of what `call` throws. */
export const CALL_FAILURES = {
  unreachable: 'CALL_UNREACHABLE',
  timeout: 'CALL_TIMEOUT',
  tooLarge: 'CALL_TOO_LARGE',
} as const

/** Kept-alive connections to everybody we call. */
const agent = new Agent({ keepAliveTimeout: 30_000, connections: 64, pipelining: 1 })

/** Sends once, follows no redirect, never reads more than allowed and never waits longer. Throws a `Failure` whose code is one of CALL_FAILURES. */
export async function call(what: Call): Promise<Called> {
  const deadline = AbortSignal.timeout(what.timeoutMs)
  const signal = what.signal === undefined ? deadline : AbortSignal.any([deadline, what.signal])
  try {
    const answer = await request(what.url, {
      method: what.method,
      dispatcher: agent,
      signal,
      ...(what.headers !== undefined && { headers: { ...what.headers } }),
      ...(what.body !== undefined && { body: what.body }),
    })
    return { status: answer.statusCode, headers: headersOf(answer), body: await bounded(answer.body, what.mostBytes) }
  } catch (cause) {
    throw told(cause, deadline.aborted)
  }
}

/** Ends every kept connection; for the end of a process. */
export function closeCalls(): Promise<void> {
  return agent.close()
}

function headersOf(answer: Dispatcher.ResponseData): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(answer.headers)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined) headers.set(name, first)
  }
  return headers
}

async function bounded(body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    // undici types the chunks of a body stream as any; they are buffers as long as no encoding is set
    bytes += chunk.length
    if (bytes > mostBytes) throw new Failure(CALL_FAILURES.tooLarge, `the answer is over ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

function told(cause: unknown, late: boolean): Failure {
  if (cause instanceof Failure) return cause
  const timedOut = late || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.ConnectTimeoutError
  return timedOut
    ? new Failure(CALL_FAILURES.timeout, 'no answer in time', { cause })
    : new Failure(CALL_FAILURES.unreachable, 'no answer', { cause })
}
