import { deferred } from '../../platform/deferred.js'
import { Failure } from '../../platform/failure.js'
import { repeat } from '../../platform/time/clock.js'
import type { Ground } from '../host/subgraph.js'
import type { Connector, Follow } from './connector.js'
import {
  endErrand,
  renewErrands,
  RENEW_MS,
  returnErrand,
  stickErrand,
  takeErrands,
  type TakenErrand,
} from './errands.js'

/** How often rows are looked at without being woken, and how many are done beside each other. */
const LOOK_EVERY_MS = 500
const AT_ONCE = 16
/** Rows are taken for so many free hands at a time: one statement for several errands, and none waits for the slowest. */
const FREE_HANDS = AT_ONCE / 2
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
  const busy = new Set<TakenErrand>()
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let bell = deferred<null>()

  const drain = (): Promise<void> => {
    stir()
    running ??= turns().finally(() => (running = null))
    return running
  }
  const cancels = [repeat(clock, LOOK_EVERY_MS, () => void drain()), repeat(clock, RENEW_MS, renew)]
  return {
    wake: () => void drain(),
    drain,
    stop: async () => {
      stopped = true
      await running
      for (const cancel of cancels) cancel()
    },
  }

  async function turns(): Promise<void> {
    for (;;) {
      if (again && !stopped && busy.size <= AT_ONCE - FREE_HANDS) {
        again = false
        // Woken meanwhile it stays true.
        if ((await take()) > 0) again = true
      } else if (busy.size > 0) {
        await bell.promise
        bell = deferred()
      } else return
    }
  }

  /** There may be something to take, or a hand is free. */
  function stir(): void {
    again = true
    bell.resolve(null)
  }

  async function take(): Promise<number> {
    try {
      const asked = { most: AT_ONCE - busy.size, ground, inHand: [...busy] }
      const taken = await takeErrands(db, schema, asked)
      for (const errand of taken) {
        busy.add(errand)
        void done(errand)
      }
      return taken.length
    } catch (error) {
      ground.observer.log('error', 'the errands of a partner could not be read', { partner: schema, error })
      return 0
    }
  }

  async function done(errand: TakenErrand): Promise<void> {
    await runOne(errand, { follow, schema, ground }).catch((error: unknown) =>
      ground.observer.log('error', 'an errand could not be put away', { partner: schema, error }),
    )
    busy.delete(errand)
    // It may be due again at once, or have been asked for anew.
    stir()
  }

  async function renew(): Promise<void> {
    if (busy.size === 0) return
    await renewErrands(db, schema, { errands: [...busy], ground }).catch((error: unknown) =>
      ground.observer.log('warn', 'errands under way could not be kept', { partner: schema, error }),
    )
  }
}

interface Work {
  readonly follow: Follow
  readonly schema: string
  readonly ground: Ground
}

async function runOne(errand: TakenErrand, { follow, schema, ground }: Work): Promise<void> {
  const { db, observer } = ground
  try {
    const outcome = await follow.run(errand, errand.tries)
    if (outcome === null) await endErrand(db, schema, errand)
    else await returnErrand(db, schema, { errand, inMs: outcome.againInMs, ground })
    observer.count('connector.errand', { partner: schema, kind: errand.kind, outcome: 'done' })
  } catch (error) {
    await failed(error, errand, { follow, schema, ground })
  }
}

/** A refusal waits for a person; anything else is tried again, believing the time the partner named. */
async function failed(error: unknown, errand: TakenErrand, { schema, ground }: Work): Promise<void> {
  const { db, chance, observer } = ground
  const refused = error instanceof Failure && error.code === 'PARTNER_REFUSED'
  observer.count('connector.errand', { partner: schema, kind: errand.kind, outcome: refused ? 'stuck' : 'again' })
  observer.log(refused ? 'error' : 'warn', 'an errand was not done', { partner: schema, kind: errand.kind, error })
  if (refused) {
    await stickErrand(db, schema, errand, error.message)
    return
  }
  const pauseMs = pauseAfter(error, errand.tries, chance.fraction())
  await returnErrand(db, schema, { errand, inMs: pauseMs, ground })
}

/** Doubling from half a second to five minutes, spread so that what failed together does not come back together. */
function pauseAfter(error: unknown, tries: number, spread: number): number {
  const named = error instanceof Failure ? error.details['retryAfterMs'] : undefined
  if (typeof named === 'number') return named * (1 + spread / 4)
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 12)) * (0.75 + spread / 2)
}
