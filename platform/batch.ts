import { Failure } from './failure.js'
import type { Observer } from './observe/observer.js'
import type { Cancel, Clock } from './time/clock.js'

/** How questions are gathered: at most `most` in one run, none waiting longer than `waitMs` for others, at most `limit` in line. */
export interface BatcherOptions<Q, A> {
  readonly clock: Clock
  readonly observer: Observer
  /** Under which it is counted. */
  readonly name: string
  readonly most: number
  readonly waitMs: number
  readonly limit: number
  /** One answer for each question, in their order; an `Error` refuses that question alone, a throw refuses the whole run. */
  readonly run: (questions: readonly Q[]) => Promise<readonly (A | Error)[]>
}

/** Gathers questions that come close together into one run. */
export interface Batcher<Q, A> {
  ask(question: Q): Promise<A>
  /** Resolves when all that was asked is answered. */
  drain(): Promise<void>
}

interface Asked<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}

/**
 * Micro-batches: one run at a time, so that what comes while one runs becomes the next, and the load makes the runs larger and not
 * more. When the line is full, whoever asks is refused with `BUSY`.
 */
export function batcher<Q, A>(options: BatcherOptions<Q, A>): Batcher<Q, A> {
  const { clock, observer, name, most, waitMs, limit, run } = options
  let line: Asked<Q, A>[] = []
  let busy = false
  let ended: Promise<void> = Promise.resolve()
  let cancel: Cancel | null = null

  function ask(question: Q): Promise<A> {
    if (line.length >= limit) {
      observer.count('batch.refused', { name })
      return Promise.reject(new Failure('BUSY', `more than ${limit} wait for ${name} already; try again in a moment`))
    }
    return new Promise((resolve, reject) => {
      line.push({ question, resolve, reject })
      if (busy) return
      if (line.length >= most) begin()
      else cancel ??= clock.after(waitMs, begin)
    })
  }

  function begin(): void {
    cancel?.()
    cancel = null
    ended = runAll()
  }

  async function runAll(): Promise<void> {
    busy = true
    while (line.length > 0) {
      const asked = line.slice(0, most)
      line = line.slice(most)
      observer.count('batch.asked', { name }, asked.length)
      observer.count('batch.run', { name })
      await answer(asked)
    }
    busy = false // in the same breath as the last look at the line, so that nobody is left in it
  }

  async function answer(asked: readonly Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await run(asked.map(({ question }) => question))
      if (answers.length !== asked.length)
        throw new Error(`${name} answered ${answers.length} of ${asked.length} questions`)
      asked.forEach((one, at) => settle(one, answers[at]))
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  async function drain(): Promise<void> {
    if (line.length > 0 && !busy) begin()
    await ended
  }

  return { ask, drain }
}

function settle<Q, A>({ resolve, reject }: Asked<Q, A>, answer: A | Error | undefined): void {
  if (answer instanceof Error) reject(answer)
  else resolve(answer as A) // there is one for each question, counted above
}
