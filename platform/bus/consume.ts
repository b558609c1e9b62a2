import type { Database } from '../db/database.js'
import { json } from '../decode.js'
import type { Observer } from '../observe/observer.js'
import type { Clock } from '../time/clock.js'
import type { Bus, Close, Entry, Position } from './bus.js'
import { persist } from './persist.js'
import { isAbove } from './position.js'

/** The table of the places that a schema's consumers have come to, for its first migration. */
export function PLACE_TABLE(schema: string): string {
  return `create table ${schema}.place (
    consumer text not null,
    topic text not null,
    position text,
    at timestamptz not null default now(),
    primary key (consumer, topic)
  );`
}

/** Who hears which topic, where his place is kept, and what he does with what he hears. */
export interface Consumption {
  readonly db: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly observer: Observer
  readonly schema: string
  readonly consumer: string
  readonly topic: string
  readonly apply: (tx: Database, events: readonly unknown[]) => Promise<void>
}

/**
 * Hears a topic from the place kept in the consumer's own database. What is applied and the place move in one transaction, so that
 * nothing is lost and nothing applied twice, whoever dies and however often an entry comes, also when several processes are the same
 * consumer. What cannot be applied is tried again, and nothing after it is heard before.
 */
export function consume(options: Consumption): Close {
  const { bus, clock, observer, topic } = options
  const ending = new AbortController()
  let close: Close | null = null

  async function begin(): Promise<void> {
    const place = await persist(() => findPlace(options), {
      clock,
      observer,
      name: nameOf(options),
      signal: ending.signal,
    })
    if (place !== null && !ending.signal.aborted)
      close = bus.follow(topic, place.position, (entries) => take(options, entries))
  }

  const begun = begin()
  return async () => {
    ending.abort()
    await begun
    await close?.()
  }
}

async function take(options: Consumption, entries: readonly Entry[]): Promise<void> {
  const { db, observer, apply } = options
  const name = nameOf(options)
  const applied = await db.transaction(async (tx) => {
    const fresh = await aboveMyPlace(tx, options, entries)
    const newest = fresh.at(-1)
    if (newest === undefined) return 0
    await apply(
      tx,
      fresh.flatMap((entry) => read(entry, observer)),
    )
    await movePlace(tx, options, newest.position)
    return fresh.length
  })
  observer.count('consume.applied', { name }, applied)
}

/** The outbox writes nothing but JSON; a bus that carries something else is no reason to stop for ever. */
function read({ position, body }: Entry, observer: Observer): unknown[] {
  try {
    return [json(body, 'entry')]
  } catch {
    observer.log('error', 'an entry of the bus is not JSON and is left out', { position })
    return []
  }
}

/** Holds the place until the end of the transaction: another process that is the same consumer waits, and then finds it moved. */
async function aboveMyPlace(
  tx: Database,
  { schema, consumer, topic }: Consumption,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const { rows } = await tx.query<{ position: Position | null }>(
    `select position from ${schema}.place where consumer = $1 and topic = $2 for update`,
    [consumer, topic],
  )
  const place = rows[0]?.position ?? null
  return entries.filter((entry) => isAbove(entry.position, place))
}

async function movePlace(tx: Database, { schema, consumer, topic }: Consumption, to: Position): Promise<void> {
  await tx.query(`update ${schema}.place set position = $3, at = now() where consumer = $1 and topic = $2`, [
    consumer,
    topic,
    to,
  ])
}

async function findPlace({ db, schema, consumer, topic }: Consumption): Promise<{ position: Position | null }> {
  await db.query(`insert into ${schema}.place (consumer, topic) values ($1, $2) on conflict do nothing`, [
    consumer,
    topic,
  ])
  const { rows } = await db.query<{ position: Position | null }>(
    `select position from ${schema}.place where consumer = $1 and topic = $2`,
    [consumer, topic],
  )
  return { position: rows[0]?.position ?? null }
}

function nameOf({ schema, consumer, topic }: Consumption): string {
  return `${schema}.${consumer} of ${topic}`
}
