import cluster, { type Worker } from 'node:cluster'
import { MessageChannel } from 'node:worker_threads'
import { Failure } from '../../platform/failure.js'
import { mergePages, type Page } from '../../platform/observe/merge-pages.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { workerMessage, type PrimaryMessage } from './messages.js'

/** What the process above the workers stands on. */
export interface PrimaryOptions {
  readonly workers: number
  /** Every worker serves, at this address; said once. */
  readonly ready: (url: string) => void
  readonly clock: Clock
  readonly observer: Observer
}

/** The workers as one. */
export interface Workers {
  /** Ends when a worker cannot even begin: a port that is taken, a wrong supergraph. */
  readonly failed: Promise<never>
  /** Every worker drains as it would alone; resolves when all have ended. */
  stop(): Promise<void>
}

/** Under which name a worker finds its number. */
export const WORKER_NUMBER = 'DAIHUO_WORKER'

const FIRST_REST_MS = 100
const LONGEST_REST_MS = 10_000
/** A worker that has lived so long did not die of how it began. */
const WELL_AFTER_MS = 30_000
/** Longer than a worker that is only busy needs for its page. */
const PAGE_MS = 1_000

/**
 * Workers that share one port: this process accepts, hands each connection to the next worker in turn, and serves nothing itself.
 * Each worker is a gateway of its own, with its own upstreams and groups; one that dies is replaced.
 */
export function startWorkers({ workers: count, ready, clock, observer }: PrimaryOptions): Workers {
  const running = new Map<Worker, string>()
  const urls = new Map<string, string>()
  const pages = new Map<number, (page: Page) => void>()
  const rests = new Map<string, number>()
  let stopping = false
  let asked = 0
  let told: () => void = () => undefined
  let fail: (error: Failure) => void = () => undefined
  const failed = new Promise<never>((_resolve, reject) => (fail = reject))

  function begin(name: string): void {
    if (stopping) return
    const worker = cluster.fork({ [WORKER_NUMBER]: name })
    const began = clock.monotonicMs()
    running.set(worker, name)
    worker.on('message', (message: unknown) => hear(worker, name, message))
    worker.on('error', (error) => observer.log('warn', 'a worker could not be reached', { worker: name, error }))
    worker.on('exit', (code, signal) => {
      running.delete(worker)
      if (stopping) told()
      else if (!urls.has(name)) fail(new Failure('INTERNAL_SERVER_ERROR', `worker ${name} could not begin`))
      else replace(name, { livedMs: clock.monotonicMs() - began, code, signal })
    })
  }

  function replace(
    name: string,
    death: { readonly livedMs: number; readonly code: number; readonly signal: string },
  ): void {
    const rest = death.livedMs > WELL_AFTER_MS ? FIRST_REST_MS : (rests.get(name) ?? FIRST_REST_MS)
    rests.set(name, Math.min(LONGEST_REST_MS, rest * 2))
    observer.count('workers.replaced')
    observer.log('error', 'a worker died and is replaced', { worker: name, ...death })
    clock.after(rest, () => begin(name))
  }

  function hear(worker: Worker, name: string, sent: unknown): void {
    const message = workerMessage(sent)
    switch (message.type) {
      case 'ready':
        urls.set(name, message.url)
        if (urls.size === count) ready(message.url)
        return
      case 'wanted':
        void gathered().then((page) => say(worker, { type: 'page', id: message.id, page }))
        return
      case 'counted':
        pages.get(message.id)?.({ worker: name, body: message.page })
        return
    }
  }

  /** Everybody's page; without those who do not answer in time. */
  function gathered(): Promise<string> {
    const id = ++asked
    const heard: Page[] = []
    return new Promise((resolve) => {
      const finish = (): void => {
        late()
        pages.delete(id)
        resolve(mergePages(heard.toSorted((a, b) => Number(a.worker) - Number(b.worker))))
      }
      const late = clock.after(PAGE_MS, finish)
      pages.set(id, (page) => {
        heard.push(page)
        if (heard.length >= running.size) finish()
      })
      for (const worker of running.keys()) say(worker, { type: 'count', id })
    })
  }

  // Between the death of all workers and their return nothing else would keep this process alive.
  const alive = new MessageChannel().port1
  alive.ref()
  for (let number = 1; number <= count; number++) begin(String(number))
  return {
    failed,
    stop() {
      stopping = true
      alive.close()
      return new Promise((resolve) => {
        told = () => {
          if (running.size === 0) resolve()
        }
        told()
        for (const worker of running.keys()) worker.process.kill('SIGTERM')
      })
    },
  }
}

function say(worker: Worker, message: PrimaryMessage): void {
  if (worker.isConnected()) worker.send(message)
}
