import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'

/** Remembers who failed lately, so that a part that is down is not asked again at once by everybody. */
export interface BackOff {
  /** True while the part should be left alone. */
  rests(name: string): boolean
  failed(name: string): void
  succeeded(name: string): void
}

/** Rests of 100 ms, doubled with each failure up to 5 s, each shortened by chance so that not all come back together. */
export function backOff(clock: Clock, chance: Chance, { firstMs = 100, mostMs = 5_000 } = {}): BackOff {
  const failures = new Map<string, { readonly times: number; readonly until: number }>()
  return {
    rests: (name) => (failures.get(name)?.until ?? 0) > clock.monotonicMs(),
    failed(name) {
      const times = (failures.get(name)?.times ?? 0) + 1
      const rest = Math.min(mostMs, firstMs * 2 ** Math.min(times - 1, 16)) * (0.5 + chance.fraction() / 2)
      failures.set(name, { times, until: clock.monotonicMs() + rest })
    },
    succeeded: (name) => void failures.delete(name),
  }
}
