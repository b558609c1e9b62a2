import { describe, expect, inject, it } from 'vitest'
import type { Bus } from '../../platform/bus/bus.js'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { redisBus } from '../../platform/bus/redis-bus.js'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { systemClock, type Clock } from '../../platform/time/clock.js'

/** Gives a bus that holds nothing; close it when the test is done. */
export type OpenBus = (on?: { readonly clock?: Clock; readonly observer?: Observer; readonly most?: number }) => Bus

let opened = 0

/** Declares a suite once for each bus. Where Redis is missing its suite is skipped by name, and fails under `CI=true`. */
export function eachBus(suite: (open: OpenBus) => void): void {
  describe('in memory', () => suite((on) => memoryBus({ clock: systemClock, observer: silent, ...on })))
  const url = inject('redisUrl')
  const name = 'in Redis (skipped: its server is not installed here)'
  if (url !== null) describe('in Redis', () => suite((on) => aRedisBus(url, on)))
  else if (process.env['CI'] === 'true') it('Redis is installed', () => expect.fail(name))
  else describe.skip(name, () => suite(() => expect.fail(name)))
}

/** A bus in the tests' Redis, with keys of its own. */
export function aRedisBus(url: string, on: Parameters<OpenBus>[0] = {}): Bus {
  return redisBus({ url, clock: systemClock, observer: silent, prefix: `test:${process.pid}:${++opened}:`, ...on })
}
