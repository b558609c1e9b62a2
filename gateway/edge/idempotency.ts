import { createHash } from 'node:crypto'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { GraphAnswer } from '../engine.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'

/** A mutation that bears a key: whose it is, and what it says. */
export interface KeyedMutation {
  readonly context: FetchContext
  readonly key: string
  readonly text: string
  readonly operationName: string | null
  readonly variables: unknown
}

/** An answer, and whether it had been given before. */
export interface KeyedAnswer {
  readonly answer: GraphAnswer
  readonly isReplayed: boolean
}

/** Answers mutations that bear an `Idempotency-Key`, each once. */
export interface Idempotency {
  answer(mutation: KeyedMutation, run: () => Promise<GraphAnswer>): Promise<KeyedAnswer>
}

/** How long answers are held, how many, and how much text of them. */
export interface IdempotencyBounds {
  readonly keptMs: number
  readonly most: number
  readonly mostChars: number
}

const DAY: IdempotencyBounds = { keptMs: 24 * 3_600_000, most: 20_000, mostChars: 32_000_000 }

interface Kept {
  readonly body: string
  readonly until: number
  readonly running: Promise<GraphAnswer>
  chars: number
}

/**
 * The same bytes for the same key, identity and body, for a day: whoever comes while the first runs gets its answer too, and another
 * body is refused. What says "later" (busy, a part that is away) is not held, and neither is what nobody's token stands behind. It is
 * held in memory, the oldest forgotten when it is full: behind it, also after this process has died, the mutation's own
 * `idempotencyKey` is kept by the subgraph that did the deed.
 */
export function idempotency(
  { clock, observer }: { readonly clock: Clock; readonly observer: Observer },
  bounds: IdempotencyBounds = DAY,
): Idempotency {
  const all = new Map<string, Kept>()
  let chars = 0

  function forget(name: string): void {
    chars -= all.get(name)?.chars ?? 0
    all.delete(name)
  }

  function forgetOldest(): void {
    const now = clock.monotonicMs()
    for (const [name, { until }] of all) {
      if (until > now && all.size <= bounds.most && chars <= bounds.mostChars) return
      if (until > now) observer.count('edge.idempotency_forgotten')
      forget(name)
    }
  }

  function begin(name: string, body: string, run: () => Promise<GraphAnswer>): Promise<GraphAnswer> {
    const running = run()
    const kept: Kept = { body, until: clock.monotonicMs() + bounds.keptMs, running, chars: name.length + body.length }
    all.set(name, kept)
    chars += kept.chars
    void running.then(
      (answer) => {
        if (all.get(name) !== kept) return
        if (!isFinal(answer)) {
          forget(name)
          return
        }
        kept.chars += answer.body.length
        chars += answer.body.length
        forgetOldest()
      },
      () => forget(name),
    )
    return running
  }

  return {
    async answer(mutation, run) {
      const owner = ownerOf(mutation.context)
      if (owner === null) return { answer: await run(), isReplayed: false }
      const name = JSON.stringify([owner, mutation.key])
      const body = bodyOf(mutation)
      const kept = all.get(name)
      if (kept === undefined || kept.until <= clock.monotonicMs())
        return { answer: await begin(name, body, run), isReplayed: false }
      if (kept.body !== body)
        throw new Failure('IDEMPOTENCY_MISMATCH', 'this Idempotency-Key was used before with another body')
      observer.count('edge.idempotency_replayed')
      return { answer: await kept.running, isReplayed: true }
    },
  }
}

/** A credential's answers are its own: another one of the same partner may have other scopes. */
function ownerOf({ who, authorization }: FetchContext): string | null {
  if (who.member !== null) return who.member
  return who.partner === null ? authorization : `partner:${who.partner} ${who.credential?.id ?? ''}`
}

function bodyOf({ text, operationName, variables }: KeyedMutation): string {
  return createHash('sha256')
    .update(JSON.stringify([text, operationName, variables]))
    .digest('base64')
}

/** Refusals in data are decided (a card that was declined stays declined); errors beside the data, and what could not be run, are not. */
function isFinal(answer: GraphAnswer): boolean {
  return answer.failed === 'nothing'
}
