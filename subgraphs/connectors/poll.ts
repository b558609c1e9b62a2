import type { Database } from '../../platform/db/database.js'
import { repeat } from '../../platform/time/clock.js'
import type { Ground } from '../host/subgraph.js'
import type { Apply } from './apply.js'
import type { Connector, Poll } from './connector.js'

/** The most questions of one turn: a partner that always has more must not starve the others. */
const MOST_TURNS = 200

/** Asks again and again, `everyMs` after the turn before has ended; stopping waits for the turn under way. */
export function startPoll(poll: Poll, connector: Connector, { ground, apply }: { ground: Ground; apply: Apply }) {
  const { clock, observer } = ground
  let running: Promise<void> = Promise.resolve()
  let stopped = false
  const turn = (): Promise<void> => {
    if (stopped) return Promise.resolve()
    running = askAll(poll, connector, { ground, apply }).catch((error: unknown) =>
      observer.log('warn', 'a poll failed', { partner: connector.partner, poll: poll.name, error }),
    )
    return running
  }
  const cancel = repeat(clock, poll.everyMs, turn)
  return async (): Promise<void> => {
    stopped = true
    cancel()
    await running
  }
}

/** Asks until there is no more. What a question brought and the place after it are kept in one transaction. */
export async function askAll(
  poll: Poll,
  { partner }: Connector,
  { ground, apply }: { ground: Ground; apply: Apply },
): Promise<void> {
  let cursor = await readPlace(ground.db, partner, poll.name)
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const found = await poll.since(cursor)
    const kept = found.cursor
    await apply(found.facts, (tx) => keepPlace(tx, partner, { poll: poll.name, cursor: kept }))
    ground.observer.count('connector.polled', { partner, poll: poll.name }, found.facts.length)
    if (!found.more) return
    cursor = kept
  }
}

async function readPlace(db: Database, schema: string, poll: string): Promise<string | null> {
  const { rows } = await db.query<{ cursor: string }>(`select cursor from ${schema}.poll_place where poll = $1`, [poll])
  return rows[0]?.cursor ?? null
}

async function keepPlace(tx: Database, schema: string, place: { poll: string; cursor: string }): Promise<void> {
  await tx.query(
    `insert into ${schema}.poll_place (poll, cursor) values ($1, $2)
     on conflict (poll) do update set cursor = excluded.cursor, at = now()`,
    [place.poll, place.cursor],
  )
}
