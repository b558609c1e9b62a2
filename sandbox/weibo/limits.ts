import { Refused } from './refusal.js'
import type { World } from './world.js'

/** What the network grants: by its page of 2025. */
export const QUOTAS = { userPerDay: 100, writesPerHour: 30, addressPerHour: 15_000 } as const

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** What is left for an account, as the network says; it may lie. */
export interface Remaining {
  readonly user: number
  readonly address: number
  /** Milliseconds since 1970. */
  readonly resetAt: number
}

/** Counts calls; refuses the one too many. */
export interface Limits {
  count(call: { readonly uid: string; readonly address: string; readonly write: boolean; readonly name: string }): void
  remaining(uid: string, address: string): Remaining
}

/** Counters of one sandbox, each for its own span of time. */
export function limitsOf(world: World): Limits {
  const counters = new Map<string, { span: number; calls: number }>()

  function counter(key: string, spanMs: number): { span: number; calls: number } {
    const span = Math.floor(world.clock.now().getTime() / spanMs)
    const known = counters.get(key)
    if (known?.span === span) return known
    const fresh = { span, calls: 0 }
    counters.set(key, fresh)
    return fresh
  }

  return {
    count({ uid, address, write, name }) {
      const perAddress = counter(`address ${address}`, HOUR_MS)
      if (perAddress.calls >= QUOTAS.addressPerHour) throw new Refused(10022)
      const perUser = counter(`user ${uid}`, DAY_MS)
      if (perUser.calls >= QUOTAS.userPerDay || world.faults.happens('limit')) throw new Refused(10023)
      const writes = counter(`writes ${uid}`, HOUR_MS)
      if (write && writes.calls >= QUOTAS.writesPerHour) throw new Refused(10024, name)
      perAddress.calls++
      perUser.calls++
      if (write) writes.calls++
    },
    remaining: (uid, address) => ({
      user: QUOTAS.userPerDay - counter(`user ${uid}`, DAY_MS).calls,
      address: QUOTAS.addressPerHour - counter(`address ${address}`, HOUR_MS).calls,
      resetAt: (Math.floor(world.clock.now().getTime() / HOUR_MS) + 1) * HOUR_MS,
    }),
  }
}
