import { Kind, OperationTypeNode, type OperationDefinitionNode } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Cancel, Clock } from '../../platform/time/clock.js'

/** What is refused first when there is too much to do. */
export interface OverloadSettings {
  /** How late the event loop may run before the least important is refused; 0 never refuses. Everything else bears twice, the most important eight times as much. */
  readonly lateMs: number
  /** Root fields that are served last of all to be refused: buying and paying. */
  readonly first: readonly string[]
  /** Root fields that are refused first: likes and other reactions. */
  readonly last: readonly string[]
}

/** Lets operations in by their importance while the process keeps up. */
export interface Overload {
  /** `BUSY` for what the process cannot do now; null for what it can. */
  refusal(operation: OperationDefinitionNode | null | undefined): Failure | null
  stop: Cancel
}

/** What it is made of. */
export interface OverloadParts {
  readonly clock: Clock
  readonly observer: Observer
  /** Whether as many queries wait as may; what changes something does not wait. */
  readonly isFull: () => boolean
}

const LOOK_MS = 100
/** How much more each importance bears. */
const BEARS = { last: 1, other: 2, first: 8 } as const

/** Measures how late the event loop runs: the newest lateness, or the one before as it fades. */
export function overload(settings: OverloadSettings, { clock, observer, isFull }: OverloadParts): Overload {
  const first = new Set(settings.first)
  const last = new Set(settings.last)
  let late = 0
  let expected = clock.monotonicMs() + LOOK_MS
  let cancel = settings.lateMs > 0 ? clock.after(LOOK_MS, look) : () => undefined

  function look(): void {
    const now = clock.monotonicMs()
    late = Math.max(now - expected, late / 2)
    observer.time('edge.late', late / 1000)
    expected = now + LOOK_MS
    cancel = clock.after(LOOK_MS, look)
  }

  function importance(operation: OperationDefinitionNode): keyof typeof BEARS {
    const roots = operation.selectionSet.selections.map((one) => (one.kind === Kind.FIELD ? one.name.value : ''))
    if (roots.some((name) => first.has(name))) return 'first'
    return roots.every((name) => last.has(name)) ? 'last' : 'other'
  }

  return {
    refusal(operation) {
      const isLate = settings.lateMs > 0 && late > settings.lateMs
      if (!operation || !(isLate || isFull())) return null
      const kind = importance(operation)
      const isCrowded = isFull() && operation.operation === OperationTypeNode.QUERY
      if (!isCrowded && late <= settings.lateMs * BEARS[kind]) return null
      observer.count('edge.shed', { kind })
      return new Failure('BUSY', 'more is asked than can be done now; try again in a second')
    },
    stop: () => cancel(),
  }
}
