import { getOperationAST, type DocumentNode, type OperationDefinitionNode } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Engine } from '../engine.js'
import { BoundedCache } from '../operation/bounded-cache.js'

/** A document that was read, validated and found within the limits. */
export class KnownDocument {
  readonly text: string
  readonly document: DocumentNode
  readonly #operations = new Map<string | null, OperationDefinitionNode | null>()

  constructor(text: string, document: DocumentNode) {
    this.text = text
    this.document = document
  }

  /** The operation of that name, or the only one; null when the document has no such. */
  operation(name: string | null): OperationDefinitionNode | null {
    let operation = this.#operations.get(name)
    if (operation === undefined) {
      operation = getOperationAST(this.document, name) ?? null
      if (operation !== null || name === null) this.#operations.set(name, operation) // else any name could be kept here
    }
    return operation
  }
}

/** What is remembered for one engine. A parsed document takes some hundred bytes for each of its characters. */
const REMEMBERED = { most: 2_000, mostKeyChars: 500_000 } as const

/** Good documents by their texts, for each engine. Who validates one tells it here, so that nobody has to validate it again. */
export class KnownDocuments {
  readonly #byEngine = new WeakMap<Engine, BoundedCache<KnownDocument>>()
  readonly #observer: Observer

  constructor(observer: Observer) {
    this.#observer = observer
  }

  of(engine: Engine, text: string): KnownDocument | undefined {
    return this.#byEngine.get(engine)?.find(text)
  }

  has(engine: Engine, text: string): boolean {
    return this.#byEngine.get(engine)?.has(text) === true
  }

  learn(engine: Engine, text: string, document: DocumentNode): void {
    let known = this.#byEngine.get(engine)
    if (known === undefined) {
      known = new BoundedCache<KnownDocument>('known', REMEMBERED, this.#observer)
      this.#byEngine.set(engine, known)
    }
    known.get(text, () => new KnownDocument(text, document))
  }
}
