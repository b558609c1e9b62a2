import { Failure } from '../../platform/failure.js'
import { repeat } from '../../platform/time/clock.js'
import type { Ground } from '../host/subgraph.js'
import type { Connector, Follow } from './connector.js'
import { endErrand, later, returnErrand, stickErrand, takeErrands, type TakenErrand } from './errands.js'

/** How often rows are looked at without being woken, and how many are done beside each other. */
const LOOK_EVERY_MS = 500
const AT_ONCE = 8
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 300_000

/** What does a connector's errands. */
export interface Runner {
  /** Looks at once: errands have been written. */
  wake(): void
  /** Does what is due until nothing is; for tests and for the end of a turn. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/** Errands of the database -> the partner, some beside each other, each alone of its key; the answer decides when one is tried again. */
export function startRunner(connector: Connector, follow: Follow, ground: Ground): Runner {
  const { db, clock } = ground
  const schema = connector.partner
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  const drain = (): Promise<void> => {
    again = true
    running ??= turns().finally(() => (running = null))
    return running
  }
  const cancel = repeat(clock, LOOK_EVERY_MS, drain)
  return {
    wake: () => void drain(),
    drain,
    stop: async () => {
      stopped = true
      cancel()
      await running
    },
  }

  async function turns(): Promise<void> {
    while (again && !stopped) {
      again = false
      try {
        // Woken meanwhile it stays true.
        if ((await turn()) > 0) again = true
      } catch (error) {
        ground.observer.log('error', 'the errands of a partner could not be read', { partner: schema, error })
      }
    }
  }

  async function turn(): Promise<number> {
    const taken = await takeErrands(db, schema, { most: AT_ONCE, now: clock.now() })
    await Promise.all(taken.map((errand) => runOne(errand, { follow, schema, ground })))
    return taken.length
  }
}

interface Work {
  readonly follow: Follow
  readonly schema: string
  readonly ground: Ground
}

async function runOne(errand: TakenErrand, { follow, schema, ground }: Work): Promise<void> {
  const { db, clock, observer } = ground
  try {
    const outcome = await follow.run(errand)
    if (outcome === null) await endErrand(db, schema, errand)
    else await returnErrand(db, schema, errand, later(clock.now(), outcome.againInMs))
    observer.count('connector.errand', { partner: schema, kind: errand.kind, outcome: 'done' })
  } catch (error) {
    await failed(error, errand, { follow, schema, ground })
  }
}

/** A refusal waits for a person; anything else is tried again, believing the time the partner named. */
async function failed(error: unknown, errand: TakenErrand, { schema, ground }: Work): Promise<void> {
  const { db, clock, chance, observer } = ground
  const refused = error instanceof Failure && error.code === 'PARTNER_REFUSED'
  observer.count('connector.errand', { partner: schema, kind: errand.kind, outcome: refused ? 'stuck' : 'again' })
  observer.log(refused ? 'error' : 'warn', 'an errand was not done', { partner: schema, kind: errand.kind, error })
  if (refused) {
    await stickErrand(db, schema, errand, error.message)
    return
  }
  const pauseMs = pauseAfter(error, errand.tries, chance.fraction())
  await returnErrand(db, schema, errand, later(clock.now(), pauseMs))
}

/** Doubling from half a second to five minutes, spread so that what failed together does not come back together. */
function pauseAfter(error: unknown, tries: number, spread: number): number {
  const named = error instanceof Failure ? error.details['retryAfterMs'] : undefined
  if (typeof named === 'number') return named * (1 + spread / 4)
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 12)) * (0.75 + spread / 2)
}
