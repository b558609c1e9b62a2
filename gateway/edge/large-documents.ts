import { GraphQLError, parse, type DocumentNode, type GraphQLFormattedError } from 'graphql'
import type { Observer } from '../../platform/observe/observer.js'
import type { Engine } from '../engine.js'
import { BoundedCache } from '../operation/bounded-cache.js'
import { checkSize, LARGE_DOCUMENT, type Limits } from '../operation/limits.js'
import type { KnownDocuments } from './known-documents.js'

/** Sees to it that a large document holds nobody up: it is read aside, or at least measured before anybody validates it. */
export interface LargeDocuments {
  /** Refuses a document that is over a limit. */
  readonly check: (engine: Engine, text: string) => void
  /** Was it measured here, and is within the limits? */
  readonly isWithin: (text: string) => boolean
  /** Reads a document that nobody knows where it holds nobody up; null when there is nothing to wait for. */
  readonly readAside: (engine: Engine, text: string) => Promise<void> | null
  /** What a document was refused with that was read aside. */
  readonly refused: (engine: Engine, text: string) => readonly GraphQLFormattedError[] | undefined
}

const REMEMBERED = { most: 1_000, mostKeyChars: 1_000_000 } as const
const WITHIN = {}
const UNREAD = {}

/**
 * Apollo Server asks all rules of validation at once, also those that compare each field with each other. A large document is
 * therefore read before it gets there, once: by the engine's thread beside ours, and good ones are known from then on.
 */
export function largeDocuments(
  limits: Limits,
  { known, observer }: { readonly known: KnownDocuments; readonly observer: Observer },
): LargeDocuments {
  const measured = new BoundedCache<object>('sizes', REMEMBERED, observer)
  const refusals = new WeakMap<Engine, BoundedCache<readonly GraphQLFormattedError[]>>()
  const underWay = new WeakMap<Engine, Map<string, Promise<void>>>()
  return {
    check({ aside }, text) {
      if (text.length >= LARGE_DOCUMENT && aside === null) measured.get(text, () => check(text))
    },
    isWithin: (text) => text.length >= LARGE_DOCUMENT && measured.find(text) === WITHIN,
    readAside(engine, text) {
      if (engine.aside === null || text.length < LARGE_DOCUMENT) return null
      if (known.has(engine, text) || refusals.get(engine)?.has(text) === true) return null
      const reading = underWay.get(engine) ?? new Map<string, Promise<void>>()
      underWay.set(engine, reading)
      const before = reading.get(text)
      if (before !== undefined) return before
      const now = read(engine, text).finally(() => reading.delete(text))
      reading.set(text, now)
      return now
    },
    refused: (engine, text) => (text.length < LARGE_DOCUMENT ? undefined : refusals.get(engine)?.find(text)),
  }

  async function read(engine: Engine, text: string): Promise<void> {
    const errors = (await engine.aside?.read(text)) ?? []
    if (errors.length === 0) {
      known.learn(engine, text, parse(text, { maxTokens: limits.tokens }))
      return
    }
    const refused = refusals.get(engine) ?? new BoundedCache('refusals', REMEMBERED, observer)
    refusals.set(engine, refused)
    refused.get(text, () => errors)
  }

  function check(text: string): object {
    const document = parsed(text, limits.tokens)
    if (document === null) return UNREAD
    checkSize(document, limits)
    return WITHIN
  }
}

/** What cannot be parsed is Apollo Server's to refuse. */
function parsed(text: string, maxTokens: number): DocumentNode | null {
  try {
    return parse(text, { maxTokens, noLocation: true })
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof RangeError) return null
    throw error
  }
}
