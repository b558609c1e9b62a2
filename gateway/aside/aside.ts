import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { GraphQLFormattedError } from 'graphql'
import { projectRoot } from '../../platform/config/project-root.js'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Cancel, Clock } from '../../platform/time/clock.js'
import { requestError } from '../operation/request-errors.js'
import type { ToldPlans } from '../plan/told-plans.js'
import {
  READY,
  type AsideRules,
  type Brought,
  type Errand,
  type Outcome,
  type PlanErrand,
  type Sent,
} from './messages.js'

/** A place beside the event loop, where a large document is read and planned while small ones are answered. */
export interface Aside {
  /** The errors that a document is refused with, none when it may be run. */
  read(text: string): Promise<readonly GraphQLFormattedError[]>
  /** The plans of a document that was found good; rejects with `RequestErrors` when it cannot be planned. */
  plan(asked: Omit<PlanErrand, 'kind'>): Promise<ToldPlans>
  /** Ends when what it was asked for is done: nobody asks it any more. */
  retire(): void
}

/** Opens one for a supergraph. */
export type OpenAside = (rules: AsideRules, parts: AsideParts) => Aside

/** What an aside is opened with. */
export interface AsideParts {
  readonly clock: Clock
  readonly observer: Observer
}

/** How much may wait, how long one errand may take, how much memory the thread may hold. Cold code takes half a second for the largest documents. */
const MOST_WAITING = 64
const MOST_MS = 5_000
/** How long the thread may take to start; that is no document's fault. */
const MOST_START_MS = 30_000
const MOST_HEAP_MB = 256

/** A thread that is started by the first large document. What ends it, time or memory, is refused, and the next starts another. */
export const openAside: OpenAside = ({ supergraph, documents }, parts) => {
  const { limits, introspection, hideSchema } = documents
  return new Thread({ supergraph, documents: { limits, introspection, hideSchema } }, parts)
}

interface Waiting extends Sent {
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

class Thread implements Aside {
  readonly #rules: AsideRules
  readonly #clock: Clock
  readonly #observer: Observer
  readonly #waiting: Waiting[] = []
  #worker: Worker | null = null
  #running: { readonly errand: Waiting; cancel: Cancel; readonly begun: number } | null = null
  #isReady = false
  #lastId = 0
  #retired = false

  constructor(rules: AsideRules, { clock, observer }: AsideParts) {
    this.#rules = rules
    this.#clock = clock
    this.#observer = observer
  }

  async read(text: string): Promise<readonly GraphQLFormattedError[]> {
    const outcome = await this.#ask({ kind: 'read', text })
    return outcome.kind === 'read' ? outcome.refused : []
  }

  async plan(asked: Omit<PlanErrand, 'kind'>): Promise<ToldPlans> {
    const outcome = await this.#ask({ ...asked, kind: 'plan' })
    return outcome.kind === 'plan' ? outcome.plans : { whole: [], parted: [] }
  }

  retire(): void {
    this.#retired = true
    if (this.#running === null) this.#end()
  }

  async #ask(errand: Errand): Promise<Outcome> {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#observer.count('aside.refused')
      throw new Failure('BUSY', 'too many large documents wait to be read')
    }
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      this.#waiting.push({ id: ++this.#lastId, errand, resolve, reject })
      this.#next()
    })
    if (outcome.kind === 'refused') throw requestError(outcome.code, outcome.message)
    return outcome
  }

  /** One at a time, so that the time of each can be told. */
  #next(): void {
    if (this.#running !== null) return
    const errand = this.#waiting.shift()
    this.#observer.gauge('aside.waiting', this.#waiting.length)
    if (errand === undefined) {
      if (this.#retired) this.#end()
      this.#worker?.unref()
      return
    }
    const worker = (this.#worker ??= this.#started())
    const cancel = this.#endAfter(this.#isReady ? MOST_MS : MOST_START_MS)
    this.#running = { errand, cancel, begun: this.#clock.monotonicMs() }
    worker.ref()
    worker.postMessage({ id: errand.id, errand: errand.errand } satisfies Sent)
  }

  #endAfter(ms: number): Cancel {
    return this.#clock.after(ms, () => {
      this.#observer.count('aside.ended', { by: 'time' })
      this.#end(tooLong())
    })
  }

  #started(): Worker {
    this.#isReady = false
    this.#observer.count('aside.started')
    const worker = new Worker(resolve(projectRoot(), 'dist/gateway/aside/thread.js'), {
      workerData: this.#rules,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    })
    worker.on('message', (said: Brought | typeof READY) => {
      if (said === READY) this.#ready(worker)
      else this.#brought(worker, said)
    })
    worker.on('error', (cause) => {
      if (worker !== this.#worker) return
      const byMemory = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
      this.#observer.count('aside.ended', { by: byMemory ? 'memory' : 'fault' })
      if (!byMemory) this.#observer.log('error', 'the thread for large documents failed', { error: cause })
      this.#end(byMemory ? tooLong() : cause)
    })
    return worker
  }

  /** The time of what runs begins with the thread. */
  #ready(worker: Worker): void {
    if (worker !== this.#worker) return
    this.#isReady = true
    if (this.#running === null) return
    this.#running.cancel()
    this.#running.cancel = this.#endAfter(MOST_MS)
  }

  #brought(worker: Worker, { id, outcome }: Brought): void {
    const running = this.#running
    if (worker !== this.#worker || running === null || running.errand.id !== id) return
    this.#running = null
    running.cancel()
    this.#observer.time('aside.took', (this.#clock.monotonicMs() - running.begun) / 1_000, {
      errand: running.errand.errand.kind,
    })
    running.errand.resolve(outcome)
    this.#next()
  }

  /** Ends the thread, and with the reason what runs in it. */
  #end(reason?: unknown): void {
    const [worker, running] = [this.#worker, this.#running]
    this.#worker = null
    this.#running = null
    void worker?.terminate()
    running?.cancel()
    running?.errand.reject(reason)
    if (running !== null) this.#next()
  }
}

function tooLong(): Failure {
  return new Failure('LIMIT_EXCEEDED', 'the document takes longer to read than is allowed')
}
