import { Aborting, type Abort } from '../../platform/abort.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { FetchContext, SubgraphRequest } from '../fetch/ask-subgraph.js'

/** A question that is in flight, and for how many. */
interface InFlight<Answer> {
  readonly answer: Promise<Answer>
  readonly nobody: Aborting
  waiting: number
}

/** Equal questions that are in flight at the same time have one answer. Nothing is kept once it is there. */
export class Twins<Answer> {
  readonly #inFlight = new Map<string, InFlight<Answer>>()
  /** Under which they are counted. */
  readonly #name: string
  readonly #observer: Observer

  constructor(name: string, observer: Observer) {
    this.#name = name
    this.#observer = observer
  }

  /**
   * The answer of the first who asked; `ask` is called only when nobody is asking yet. Who leaves (`signal`) takes it from nobody: only
   * when all have left is the asking itself given up.
   */
  join(key: string, ask: (nobodyWaits: Abort) => Promise<Answer>, signal: Abort | null): Promise<Answer> {
    const running = this.#inFlight.get(key)
    if (running !== undefined) {
      this.#observer.count('cache.hit', { cache: this.#name })
      this.#wait(key, running, signal)
      return running.answer
    }
    this.#observer.count('cache.miss', { cache: this.#name })
    const nobody = new Aborting()
    const answer = ask(nobody).finally(() => this.#forget(key, fresh))
    const fresh = { answer, nobody, waiting: 0 }
    this.#inFlight.set(key, fresh)
    this.#wait(key, fresh, signal)
    return answer
  }

  /** Whether somebody is asking already. */
  isAsking(key: string): boolean {
    return this.#inFlight.has(key)
  }

  #wait(key: string, running: InFlight<Answer>, signal: Abort | null): void {
    running.waiting++
    signal?.addEventListener('abort', () => {
      if (--running.waiting > 0) return
      this.#forget(key, running)
      running.nobody.abort()
    })
  }

  #forget(key: string, running: InFlight<Answer>): void {
    if (this.#inFlight.get(key) === running) this.#inFlight.delete(key)
  }
}

/** All of the asker on which an answer may depend: who it is, and the token and the headers that are handed on. */
export function askerKey({ who, authorization, carried }: FetchContext): string {
  const headers = carried?.headers
  return JSON.stringify(headers == null ? [authorization, who] : [authorization, who, headers])
}

/** Questions with equal keys have equal answers: the same is asked of the same subgraph for the same asker. */
export function questionKey({ subgraph, query, operationName, context }: SubgraphRequest, variables: string): string {
  return JSON.stringify([subgraph, operationName, query, variables, askerKey(context)])
}

/** The variables of a question as JSON. */
export function variablesOf({ variables, variablesText }: SubgraphRequest): string {
  return variablesText ?? JSON.stringify(variables)
}
