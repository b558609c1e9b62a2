import type { Span } from '../platform/observe/span.js'
import { FAILURES } from '../schema/failures.js'
import { executeParts, type RunningParts } from './execute/execute-parts.js'
import type { Surroundings } from './execute/execution.js'
import type { ReadyInParts } from './execute/parts-readier.js'
import type { FetchContext } from './fetch/ask-subgraph.js'
import { Tree } from './merge/tree.js'
import type { Deferral } from './operation/deferrals.js'
import { PartWriter } from './project/part-writer.js'

/** An answer that is told in parts, each a JSON text. */
export interface PartedAnswer {
  readonly kind: 'query' | 'mutation'
  /** The next part, the first one included; null after the last. Asked for one at a time; nothing is written before it is. Never rejects. */
  next(): Promise<string | null>
  /** The codes of the errors told so far. */
  readonly codes: readonly string[]
}

const FAULT = 'INTERNAL_SERVER_ERROR'
const FAULT_LIST = JSON.stringify([{ message: FAILURES[FAULT], extensions: { code: FAULT } }])

/** tree -> first part -> (fetches -> tree -> what is complete) until nothing is open. */
export function answerInParts(ready: ReadyInParts, surroundings: Surroundings, context: FetchContext): PartedAnswer {
  return new Telling(ready, surroundings, context)
}

class Telling implements PartedAnswer {
  readonly kind: 'query' | 'mutation'
  readonly #ready: ReadyInParts
  readonly #surroundings: Surroundings
  readonly #context: FetchContext
  readonly #running: RunningParts
  readonly #writer: PartWriter
  readonly #asked = new Map<Deferral, Promise<void>>()
  readonly #there = new Set<Deferral>()
  readonly #span: Span | null
  #state: 'new' | 'told' | 'over' = 'new'
  #faults: readonly string[] = []

  constructor(ready: ReadyInParts, surroundings: Surroundings, context: FetchContext) {
    const { variables, prepared, operation } = ready
    const tree = new Tree()
    this.kind = operation.kind === 'mutation' ? 'mutation' : 'query'
    this.#ready = ready
    this.#surroundings = surroundings
    this.#context = context
    const { span, below } = executing(context)
    this.#span = span
    this.#running = executeParts(prepared.plan.plans, { surroundings, tree, variables, context: below })
    this.#writer = new PartWriter({
      form: prepared.form,
      shape: prepared.shape,
      tree,
      introspected: prepared.introspect?.(variables) ?? new Map(),
      isThere: (deferral) => this.#there.has(deferral),
    })
  }

  get codes(): readonly string[] {
    return [...new Set([...this.#writer.codes, ...this.#faults])]
  }

  async next(): Promise<string | null> {
    if (this.#state === 'over') return null
    try {
      const text = this.#state === 'new' ? await this.#first() : await this.#later()
      this.#state = this.#writer.hasNext ? 'told' : 'over'
      if (this.#state === 'over') this.#span?.end()
      return text
    } catch (error) {
      this.#surroundings.observer.log('error', 'a request failed', { requestId: this.#context.requestId, error })
      this.#faults = [FAULT]
      this.#span?.end(FAULT)
      const isFirst = this.#state === 'new'
      this.#state = 'over'
      return isFirst ? `{"errors":${FAULT_LIST},"hasNext":false}` : this.#writer.fail(FAULT_LIST, FAULT)
    }
  }

  async #first(): Promise<string> {
    await this.#running.first
    const text = this.#writer.first()
    this.#running.release()
    return text
  }

  async #later(): Promise<string> {
    for (;;) {
      const text = this.#writer.later()
      if (text !== null) return text
      await Promise.race([...this.#writer.awaited].map((deferral) => this.#isThere(deferral)))
    }
  }

  #isThere(deferral: Deferral): Promise<void> {
    let asked = this.#asked.get(deferral)
    if (asked === undefined) {
      asked = this.#running
        .parts(this.#ready.prepared.plan.partsOf(deferral))
        .then(() => void this.#there.add(deferral))
      asked.catch(() => undefined) // told to whoever waits for it next
      this.#asked.set(deferral, asked)
    }
    return asked
  }
}

/** All fetches of an answer in parts stand in one span. It ends with the last part, or when nobody waits any more. */
function executing(context: FetchContext): { readonly span: Span | null; readonly below: FetchContext } {
  const { carried, signal } = context
  if (carried == null || carried.span === null) return { span: null, below: context }
  const span = carried.span.begin('graphql.execute')
  signal?.addEventListener('abort', () => {
    span.end('ABANDONED')
  })
  return { span, below: { ...context, carried: { ...carried, span } } }
}
