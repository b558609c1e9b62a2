import { fields, json, maybe, text, whole } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Fact, Found } from './connector.js'

/** How a partner may be asked for what changed in a span of time. */
export interface WindowSettings {
  /** The longest span of one question; a partner may refuse it and want shorter ones. */
  readonly longestMs: number
  /** How far each span reaches back into the one before: as late as the partner's own lists may be. */
  readonly overlapMs: number
  /** How far back the first question goes. */
  readonly backMs: number
}

/** A page of one span; `after` is the partner's own cursor, null when this was the last. */
export interface Page {
  readonly facts: readonly Fact[]
  readonly after: string | null
}

/** What the partner's refusal of a too long span looks like: throw it from `ask`, and shorter spans are asked. */
export class WindowTooLong extends Failure {
  constructor(cause: unknown) {
    super('PARTNER_REFUSED', 'the partner wants shorter windows', { cause })
  }
}

/** No partner wants spans shorter than this; below it the refusal means something else. */
const SHORTEST_MS = 10_000

/** Where a sweep stands: its spans follow each other without a gap, `to` and `after` are the span under way. */
interface Place {
  readonly from: number
  readonly to: number | null
  readonly after: string | null
}

/**
 * `Poll.since` for a partner that lists what changed between two times, page by page. A sweep goes span by span up to now,
 * the next begins `overlapMs` before its end. The place is kept after each page, so a killed process goes on where it was.
 * When the partner shrinks its windows we halve our spans until it answers, and try longer ones again later.
 */
export function overWindows(
  { longestMs, overlapMs, backMs }: WindowSettings,
  clock: Clock,
  ask: (span: { readonly from: Date; readonly to: Date; readonly after: string | null }) => Promise<Page>,
): (cursor: string | null) => Promise<Found> {
  let lengthMs = longestMs

  return async function since(cursor) {
    const now = clock.now().getTime()
    const place = cursor === null ? { from: now - backMs, to: null, after: null } : readPlace(cursor)
    const from = Math.min(place.from, now)
    // A span that was begun before the partner wanted shorter ones is begun again.
    if (place.to !== null && place.to - from <= lengthMs) return await page(from, place.to, place.after)
    return await page(from, Math.min(from + lengthMs, now), null)
  }

  async function page(from: number, to: number, after: string | null): Promise<Found> {
    try {
      const found = await ask({ from: new Date(from), to: new Date(to), after })
      if (found.after !== null) return went(found.facts, { from, to, after: found.after }, true)
      const caughtUp = to >= clock.now().getTime() - SHORTEST_MS
      // Once a sweep: asking longer after every span would waste every other question of a campaign.
      if (caughtUp) lengthMs = Math.min(longestMs, lengthMs * 2)
      return went(found.facts, { from: caughtUp ? to - overlapMs : to, to: null, after: null }, !caughtUp)
    } catch (error) {
      if (!(error instanceof WindowTooLong) || lengthMs <= SHORTEST_MS) throw error
      lengthMs = Math.max(SHORTEST_MS, Math.floor(Math.min(lengthMs, to - from) / 2))
      return went([], { from, to: null, after: null }, true)
    }
  }
}

function went(facts: readonly Fact[], place: Place, more: boolean): Found {
  return { facts, cursor: JSON.stringify(place), more }
}

function readPlace(cursor: string): Place {
  const it = fields(json(cursor, 'cursor'), 'cursor')
  return {
    from: whole(it['from'], 'cursor.from'),
    to: maybe(it['to'], 'cursor.to', whole),
    after: maybe(it['after'], 'cursor.after', (value, at) => text(value, at)),
  }
}
