import type { Observer } from '../../platform/observe/observer.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'

/** Equal questions that are in flight at the same time have one answer. Nothing is kept once it is there. */
export class Twins<Answer> {
  readonly #inFlight = new Map<string, Promise<Answer>>()
  readonly #observer: Observer

  constructor(observer: Observer) {
    this.#observer = observer
  }

  /** The answer of the first who asked; `ask` is called only when nobody is asking yet. */
  join(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const running = this.#inFlight.get(key)
    if (running !== undefined) {
      this.#observer.count('answer.shared')
      return running
    }
    const asked = ask().finally(() => this.#inFlight.delete(key))
    this.#inFlight.set(key, asked)
    return asked
  }
}

/** All of the asker on which an answer may depend: who it is, and the token that is handed on. */
export function askerKey({ who, authorization }: FetchContext): string {
  return JSON.stringify([authorization, who])
}
