import type { Observer } from '../platform/observe/observer.js'
import type { Clock } from '../platform/time/clock.js'

/** Times operations by their names. */
export interface OperationFigures {
  /** The moment at which one begins. */
  begin(): number
  /** One that began then is over; `failed` as in its answer. */
  over(begun: number, name: string | null, failed: string): void
}

/** A client chooses its operations' names, so only so many become labels: those of trusted documents first, then whoever comes. The rest is `other`. */
export function operationFigures(
  { most, trusted }: { readonly most: number; readonly trusted: readonly string[] },
  { clock, observer }: { readonly clock: Clock; readonly observer: Observer },
): OperationFigures {
  const known = new Set(trusted.slice(0, most))
  const labelOf = (name: string | null): string => {
    if (name === null) return 'unnamed'
    if (known.has(name)) return name
    if (known.size >= most) return 'other'
    known.add(name)
    return name
  }
  return {
    begin: () => clock.monotonicMs(),
    over(begun, name, failed) {
      const operation = labelOf(name)
      observer.time('operation.took', (clock.monotonicMs() - begun) / 1000, { operation })
      if (failed !== 'nothing') observer.count('operation.failed', { operation, failed })
    },
  }
}
