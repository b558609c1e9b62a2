import { Pool, errors, type Dispatcher } from 'undici'
import { Failure } from '../failure.js'
import { CALL_FAILURES } from './call.js'
import type { PostBounds, Posted, Poster, PosterOptions } from './poster.js'

/**
 * The same promises as `call`, for many posts to one host: no stream, no signal and no timer is made for a post, the bytes go from the
 * socket to one buffer.
 */
export function libraryPoster(origin: string, { connections }: PosterOptions): Poster {
  const pool = new Pool(origin, { connections, pipelining: 1, keepAliveTimeout: 30_000 })
  return {
    post: (path, headers, body, bounds) =>
      new Promise((resolve, reject) => {
        const { timeoutMs } = bounds
        const reading = new Reading(bounds, resolve, reject)
        // undici's own timers are coarse and count between bytes: they free the connection, `Reading` keeps the time.
        const times = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
        pool.dispatch({ path, method: 'POST', headers, body, ...times }, reading)
      }),
    close: () => pool.close(),
  }
}

/** One answer while it comes in. */
class Reading implements Dispatcher.DispatchHandler {
  readonly #bounds: PostBounds
  readonly #resolve: (posted: Posted) => void
  readonly #reject: (failure: Failure) => void
  readonly #until: number
  #stop: (() => void) | null = null
  #status = 0
  #contentType: string | null = null
  #contentEncoding: string | null = null
  #first: Buffer | null = null
  #more: Buffer[] | null = null
  #bytes = 0

  constructor(bounds: PostBounds, resolve: (posted: Posted) => void, reject: (failure: Failure) => void) {
    this.#bounds = bounds
    this.#resolve = resolve
    this.#reject = reject
    this.#until = performance.now() + bounds.timeoutMs
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal } = this.#bounds
    if (signal === null) return
    const stop = (): void => controller.abort(new Error('nobody waits for the answer any more'))
    if (signal.aborted) {
      stop()
      return
    }
    this.#stop = stop
    signal.addEventListener('abort', stop)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    this.#contentType = single(headers['content-type'])
    this.#contentEncoding = single(headers['content-encoding'])
    if (Number(single(headers['content-length']) ?? 0) > this.#bounds.mostBytes) controller.abort(this.#tooLarge())
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#bounds.mostBytes) controller.abort(this.#tooLarge())
    else if (performance.now() > this.#until) controller.abort(new errors.BodyTimeoutError())
    else if (this.#first === null) this.#first = chunk
    else if (this.#more === null) this.#more = [this.#first, chunk]
    else this.#more.push(chunk)
  }

  onResponseEnd(): void {
    this.#release()
    const body = this.#more === null ? (this.#first ?? EMPTY) : Buffer.concat(this.#more, this.#bytes)
    this.#resolve({
      status: this.#status,
      contentType: this.#contentType,
      contentEncoding: this.#contentEncoding,
      body,
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#release()
    this.#reject(told(error))
  }

  #tooLarge(): Failure {
    return new Failure(CALL_FAILURES.tooLarge, `the answer is over ${this.#bounds.mostBytes} bytes`)
  }

  #release(): void {
    if (this.#stop !== null) this.#bounds.signal?.removeEventListener('abort', this.#stop)
    this.#stop = null
  }
}

const EMPTY = Buffer.alloc(0)

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}

function told(error: Error): Failure {
  if (error instanceof Failure) return error
  return isLate(error)
    ? new Failure(CALL_FAILURES.timeout, 'no answer in time', { cause: error })
    : new Failure(CALL_FAILURES.unreachable, 'no answer', { cause: error })
}

function isLate(error: Error): boolean {
  return [errors.HeadersTimeoutError, errors.BodyTimeoutError, errors.ConnectTimeoutError].some(
    (late) => error instanceof late,
  )
}
