import {
  afterAll,
  afterEach as vitestAfterEach,
  beforeAll,
  beforeEach,
  describe as vitestDescribe,
  expect,
  it as vitestIt,
  vi,
} from 'vitest'
import { NOT_PASSED } from './not-passed.js'

/**
 * What Apollo's suite takes from `@jest/globals`, spoken by Vitest. A test that `not-passed.ts` names is run all the same and has to
 * fail: once it passes, its line there is out of date.
 */
export { afterAll, beforeAll, beforeEach, expect, vi as jest }

type Body = (...one: unknown[]) => void | Promise<void>
type Suite = (...one: unknown[]) => void

/** The names of the `describe`s around what is being read; Vitest reads what is inside of one when all beside it is known. */
let around: readonly string[] = []

/** Every test of the suite, by its whole name. */
export const seen: string[] = []

/** What the suite leaves out by itself, because it wants another `graphql`. */
export const skipped: string[] = []

const describeAll = Object.assign((name: string, body: Suite) => vitestDescribe(name, within(name, body)), {
  skip: (name: string) => skipped.push(name),
  /** A table's placeholders are Vitest's to fill in: its cases share one name here. */
  each: (cases: readonly unknown[]) => (name: string, body: Suite) =>
    vitestDescribe.each([...cases])(name, within(name, body)),
})

const itAll = Object.assign(
  (name: string, body: Body) => (isPassed(name) ? vitestIt(name, body) : vitestIt.fails(name, body)),
  {
    skip: (name: string) => skipped.push(name),
    each: (cases: readonly unknown[]) => (name: string, body: Body) =>
      (isPassed(name) ? vitestIt : vitestIt.fails).each([...cases])(name, body),
  },
)

export { describeAll as describe, itAll as it, itAll as test }

/** Jest also waits for a hook by a callback that it hands over. */
export function afterEach(hook: (done?: () => void) => unknown): void {
  vitestAfterEach(async () => {
    if (hook.length === 0) await hook()
    else await new Promise<void>((resolve) => void hook(resolve))
  })
}

function within(name: string, body: Suite): Suite {
  const inside = [...around, name]
  return (...one) => {
    around = inside
    body(...one)
  }
}

function isPassed(name: string): boolean {
  const whole = [...around.slice(1), name].join(' › ')
  seen.push(whole)
  return !NOT_PASSED.has(whole)
}
