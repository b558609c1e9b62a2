import { Worker } from 'node:worker_threads'
import { Failure } from '../failure.js'
import { parameter } from './parameters.js'
import { StatementError } from './statement-error.js'
import type { Answer } from './transaction.js'

interface Job {
  readonly id: number
  readonly sql: string
  readonly values: readonly (string | null)[]
}

/** Our own worker's words; it is our file, so they need no decoder. */
interface Reply extends Answer {
  readonly id: number
  readonly error?: { readonly message: string; readonly code?: string; readonly constraint?: string }
}

interface Asked {
  readonly sql: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

const MOST_UNANSWERED = 20_000

/** The line to the database's thread: what is asked in one turn of the event loop travels as one message. */
export class WorkerLine {
  readonly #worker: Worker
  readonly #asked = new Map<number, Asked>()
  readonly #exited: Promise<void>
  #jobs: Job[] = []
  #lastId = 0
  #dead: Error | null = null

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (replies: readonly Reply[]) => replies.forEach((reply) => this.#settle(reply)))
    worker.on('error', (cause) => this.#die(new Error('the database thread failed', { cause })))
    this.#exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#die(new Error('the database is closed'))
        resolve()
      })
    })
  }

  /** Resolves when the database has started (and, in a new directory, was made). */
  static async open(dir: string, sharedBuffers: string): Promise<WorkerLine> {
    const worker = new Worker(new URL('./pglite-worker.mjs', import.meta.url), { workerData: { dir, sharedBuffers } })
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    return new WorkerLine(worker)
  }

  ask(sql: string, values: readonly unknown[]): Promise<Answer> {
    if (this.#dead !== null) return Promise.reject(this.#dead)
    if (this.#asked.size >= MOST_UNANSWERED)
      return Promise.reject(new Failure('BUSY', `the database has ${MOST_UNANSWERED} statements to answer already`))
    return new Promise((resolve, reject) => {
      const job = { id: ++this.#lastId, sql, values: values.map(parameter) }
      this.#asked.set(job.id, { sql, resolve, reject })
      if (this.#jobs.push(job) === 1) this.#sendSoon()
    })
  }

  /** Closes after what was asked is answered. */
  async close(): Promise<void> {
    this.#flush()
    this.#worker.postMessage(null)
    await this.#exited
  }

  /** A tick asked for from a microtask comes when all microtasks are done: whatever they ask travels together. */
  #sendSoon(): void {
    queueMicrotask(() => process.nextTick(() => this.#flush()))
  }

  #flush(): void {
    if (this.#jobs.length > 0 && this.#dead === null) this.#worker.postMessage(this.#jobs)
    this.#jobs = []
  }

  #settle({ id, error, rows, count, command }: Reply): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (error === undefined) asked?.resolve({ rows, count, command })
    else asked?.reject(new StatementError(error, asked.sql))
  }

  #die(error: Error): void {
    this.#dead ??= error
    for (const { reject } of this.#asked.values()) reject(this.#dead)
    this.#asked.clear()
  }
}
