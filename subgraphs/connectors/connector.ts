import type { Database } from '../../platform/db/database.js'
import type { DoorAnswer, DoorRequest } from '../../platform/http/door.js'

/**
 * Something a partner told, in our words. The key names the thing (`order:2015…`), the version grows whenever the thing
 * changes (its time of change in milliseconds will do). `body` is JSON of the connector's own making.
 */
export interface Fact {
  readonly key: string
  readonly version: number
  readonly body: unknown
}

/**
 * Something to be done at a partner's, or because of it: a row until it is done. A newer errand of the same kind and key
 * takes the place of the older, so a burst of changes is one call.
 */
export interface Errand {
  readonly kind: string
  readonly key: string
  readonly body: unknown
  /** Not before so many milliseconds from now; at once when left out. */
  readonly inMs?: number
}

/** It tells us: an HTTP door. Both functions are pure; the kit applies what they give and answers before any work starts. */
export interface Push {
  readonly path: string
  /** Did the partner send these bytes? Gives them in clear; refuses with SIGNATURE_INVALID. */
  verify(request: DoorRequest): Uint8Array
  /** Its words into facts; none for a heartbeat. What cannot be read is refused with BAD_USER_INPUT. */
  translate(bytes: Uint8Array): readonly Fact[]
  /** What the partner wants to hear when it has been understood. */
  readonly thanks: DoorAnswer
}

/** What one question brought. The cursor is kept with the facts in one transaction; `more` asks again at once. */
export interface Found {
  readonly facts: readonly Fact[]
  readonly cursor: string
  readonly more: boolean
}

/** We ask it. The name is the cursor's in the database: never rename it. */
export interface Poll {
  readonly name: string
  readonly everyMs: number
  /** From where we were (null: never asked) to facts and the next place. Overlaps as much as the partner is late. */
  since(cursor: string | null): Promise<Found>
}

/** It asks and waits: an HTTP door with a time limit. */
export interface Answer {
  readonly path: string
  readonly withinMs: number
  /** As in `Push`. */
  verify(request: DoorRequest): Uint8Array
  answer(bytes: Uint8Array): Promise<DoorAnswer>
  /** What is said when the time is over, or our answer failed. */
  readonly late: DoorAnswer
}

/** An errand that is not done yet asks to be run again; null is done. */
export type Outcome = { readonly againInMs: number } | null

/** Which events of ours go out, and how. */
export interface Follow {
  readonly topics: readonly string[]
  /**
   * Our events into errands, in the transaction that keeps our place in the topic: copies of what they tell are written
   * here too. The events are read by the decoders of `schema/events`.
   */
  hear(tx: Database, topic: string, events: readonly unknown[]): Promise<readonly Errand[]>
  /**
   * Does one errand; the same one may come twice (we were killed, the answer was lost). A Failure PARTNER_UNAVAILABLE is
   * tried again with growing pauses (or after its `details.retryAfterMs`), PARTNER_REFUSED leaves it stuck, for a person.
   * `tries` counts this one.
   */
  run(errand: Errand, tries: number): Promise<Outcome>
}

/** A partner is what it does, and leaves out what it does not. `partner` is its folder's name and its schema in the database. */
export interface Connector {
  readonly partner: string
  readonly push?: Push
  readonly polls?: readonly Poll[]
  readonly answer?: Answer
  /** What new facts mean to us, each version once, by whichever way it came: rows written and errands, in one transaction with the facts. */
  told?(tx: Database, news: readonly Fact[]): Promise<readonly Errand[]>
  readonly follow?: Follow
}
