import type { Database } from '../db/database.js'
import type { Observer } from '../observe/observer.js'
import type { Clock } from '../time/clock.js'
import { KEPT_MS, type Bus } from './bus.js'
import { forget, untold, type Retention } from './outbox-rows.js'
import { isOver, persist, rest } from './persist.js'

/** The table of what a schema tells the others, for its first migration. Written in the transaction of the fact that is told. */
export function OUTBOX_TABLE(schema: string): string {
  return `create table ${schema}.outbox (
    tx xid8 not null default pg_current_xact_id(),
    number bigint generated always as identity,
    id text not null unique,
    body text not null,
    at timestamptz not null default now(),
    primary key (tx, number)
  );`
}

/** Tells of facts, in the order given, when the transaction is committed. An id that is known already is not told again. */
export async function tell(
  tx: Database,
  schema: string,
  events: readonly { readonly id: string; readonly kind: string }[],
): Promise<void> {
  if (events.length === 0) return
  await tx.query(
    `insert into ${schema}.outbox (id, body)
     select id, body from unnest($1::text[], $2::text[]) with ordinality as told (id, body, place) order by place
     on conflict (id) do nothing`,
    [events.map((event) => event.id), events.map((event) => JSON.stringify(event))],
    { prepared: true },
  )
}

/** What a relay stands on. `schema` is whose outbox it tells, and the topic it tells it to. */
export interface RelayOptions {
  readonly db: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly observer: Observer
  readonly schema: string
  readonly retention?: Retention
}

/** A relay at work. */
export interface Relay {
  /** Call it after a commit that told something: it is then told at once and not at the next look. */
  wake(): void
  stop(): Promise<void>
}

const MOST_AT_ONCE = 500
const LOOK_EVERY_MS = 250
const LOOK_AGAIN_MS = 5
const FORGET_EVERY_MS = 60_000
const THREE_DAYS: Retention = { seconds: KEPT_MS / 1000, rows: 200_000 }

/**
 * outbox -> bus. Where it has come to is asked of the bus itself, so that a bus that has lost something is told it again from the rows
 * still kept. Several relays of one outbox do no harm: the bus leaves out what it holds.
 */
export function startRelay(options: RelayOptions): Relay {
  const { clock, observer, schema } = options
  const ending = new AbortController()
  const persistence = { clock, observer, name: `relay ${schema}`, signal: ending.signal }
  let waiting = new AbortController()

  async function run(): Promise<void> {
    let forgotAt = clock.monotonicMs()
    while (!isOver(ending.signal)) {
      waiting = new AbortController() // before the look: a call during it makes the pause after it short
      const pauseMs = await persist(() => pass(options), persistence)
      if (clock.monotonicMs() - forgotAt >= FORGET_EVERY_MS) {
        forgotAt = clock.monotonicMs()
        await forgetOld(options)
      }
      if (pauseMs !== null && pauseMs > 0) await rest(clock, pauseMs, waiting.signal)
    }
  }

  const ended = run()
  return {
    wake: () => waiting.abort(),
    async stop() {
      ending.abort()
      waiting.abort()
      await ended
    },
  }
}

/** Tells the next entries; gives the pause after which to look again. */
async function pass({ db, bus, observer, schema }: RelayOptions): Promise<number> {
  const last = await bus.last(schema)
  const { entries, heldBack } = await untold(db, schema, last, MOST_AT_ONCE)
  if (entries.length > 0) {
    await bus.append(schema, entries, last)
    observer.count('outbox.told', { topic: schema }, entries.length)
  }
  if (entries.length === MOST_AT_ONCE) return 0
  return heldBack ? LOOK_AGAIN_MS : LOOK_EVERY_MS
}

async function forgetOld(options: RelayOptions): Promise<void> {
  const { observer, schema } = options
  try {
    for (let count = MOST_AT_ONCE; count === MOST_AT_ONCE;) count = await forgetSome(options)
  } catch (error) {
    observer.log('warn', 'the outbox keeps its old rows for now', { schema, error: String(error) })
  }
}

async function forgetSome({ db, bus, observer, schema, retention = THREE_DAYS }: RelayOptions): Promise<number> {
  const told = await bus.last(schema)
  const count = told === null ? 0 : await forget(db, schema, told, { ...retention, most: MOST_AT_ONCE })
  observer.count('outbox.forgotten', { topic: schema }, count)
  return count
}
