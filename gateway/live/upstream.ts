import type { Observer } from '../../platform/observe/observer.js'
import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from '../fetch/ask-subgraph.js'

/** Who hears an upstream. `heard` may ask the upstream to wait (a promise); only the work of rendering does, never a viewer. */
export interface Listener {
  heard(event: SubgraphAnswer): Promise<void> | null
  /** Over: null when the subgraph ended it, else what went wrong. */
  ended(error: unknown): void
}

/** The way out of an upstream; leaving twice does no harm. */
export type Leave = () => void

/** One subscription to a subgraph for all who ask it the same; opened with the first, closed at once with the last. */
export class Upstreams {
  readonly #subgraphs: Subgraphs
  readonly #observer: Observer
  readonly #open = new Map<string, Upstream>()

  constructor(subgraphs: Subgraphs, observer: Observer) {
    this.#subgraphs = subgraphs
    this.#observer = observer
  }

  get size(): number {
    return this.#open.size
  }

  /** `key` holds everything that makes the question what it is, the asker's authority too. */
  join(key: string, question: SubgraphRequest, listener: Listener): Leave {
    const upstream = this.#open.get(key) ?? this.#begin(key, question)
    upstream.listeners.add(listener)
    return () => {
      if (!upstream.listeners.delete(listener) || upstream.listeners.size > 0) return
      this.#forget(key, upstream)
      upstream.stop.abort()
    }
  }

  #begin(key: string, question: SubgraphRequest): Upstream {
    const stop = new AbortController()
    const upstream: Upstream = { listeners: new Set(), stop }
    this.#open.set(key, upstream)
    this.#observer.gauge('live.upstreams', this.#open.size)
    const asked = { ...question, context: { ...question.context, signal: stop.signal } }
    void this.#pump(asked, upstream).then(
      (error) => this.#end(key, upstream, error),
      (error: unknown) => this.#end(key, upstream, error),
    )
    return upstream
  }

  /** Gives each event to every listener before the next is taken, so that all hear the same order. */
  async #pump(question: SubgraphRequest, upstream: Upstream): Promise<null> {
    const { signal } = upstream.stop
    const events = (await this.#subgraphs.subscribe(question))[Symbol.asyncIterator]()
    const leave = (): void => void events.return?.().catch(() => undefined) // whoever left hears nothing of how it went
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    for (;;) {
      const step = await events.next()
      if (step.done === true || upstream.listeners.size === 0) return null
      const waits = [...upstream.listeners]
        .map((listener) => listener.heard(step.value))
        .filter((wait) => wait !== null)
      if (waits.length > 0) await Promise.all(waits)
    }
  }

  #end(key: string, upstream: Upstream, error: unknown): void {
    this.#forget(key, upstream)
    for (const listener of [...upstream.listeners]) listener.ended(error)
    upstream.listeners.clear()
  }

  #forget(key: string, upstream: Upstream): void {
    if (this.#open.get(key) !== upstream) return
    this.#open.delete(key)
    this.#observer.gauge('live.upstreams', this.#open.size)
  }
}

interface Upstream {
  readonly listeners: Set<Listener>
  readonly stop: AbortController
}
