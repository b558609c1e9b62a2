import fc from 'fast-check'
import type { GraphQLSchema } from 'graphql'
import { attempts, type Attempt } from './attempts.js'
import { throwAt } from './throw-at.js'

/** What a fuzzing is told. */
export interface FuzzOptions {
  readonly url: string
  readonly schema: GraphQLSchema
  readonly seed: number
  readonly forMs: number
  /** How many throw at the same time. */
  readonly hands: number
  readonly progress?: (thrown: number) => void
}

/** What came of it. */
export interface FuzzReport {
  readonly thrown: number
  /** The smallest input that was found to misbehave, what was wrong, and the seed that finds it again. */
  readonly finding: { readonly attempt: Attempt; readonly wrong: string; readonly seed: number } | null
}

/** Throws until the time is over or something was wrong; the hands draw from seeds that follow each other. */
export async function fuzz({ url, schema, seed, forMs, hands, progress }: FuzzOptions): Promise<FuzzReport> {
  const until = Date.now() + forMs
  const drawn = attempts(schema)
  let thrown = 0
  let next = seed
  let finding: FuzzReport['finding'] = null
  let wrong = ''

  async function hand(): Promise<void> {
    while (Date.now() < until && finding === null) {
      const own = next++
      const property = fc.asyncProperty(drawn, async (attempt) => {
        thrown++
        const said = await throwAt(url, attempt).catch((error: unknown) => `no answer: ${String(error)}`)
        if (said === null) return
        wrong = said
        throw new Error(said)
      })
      const interruptAfterTimeLimit = Math.max(0, until - Date.now()) + 500
      const { counterexample } = await fc.check(property, { seed: own, numRuns: 40, interruptAfterTimeLimit })
      if (counterexample !== null) finding ??= { attempt: counterexample[0], wrong, seed: own }
      progress?.(thrown)
    }
  }

  await Promise.all(Array.from({ length: hands }, hand))
  return { thrown, finding }
}
