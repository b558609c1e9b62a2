/**
 * Where a viewer is who has heard everything up to `told`, but for values that were still being held back; the first of them came
 * after `from`. Only a gateway makes such a cursor, and any gateway reads it: whoever goes on from it misses nothing and hears
 * nothing twice but, at most, the newest of values that replace each other.
 */
export interface HeldCursor {
  readonly told: string
  readonly from: string
}

/** The text of a cursor: the subgraph's own where nothing is held back. */
export function cursorText(told: string, from: string | null): string {
  return from === null ? told : `~${packed(told)}~${packed(from)}`
}

/** What a gateway has put into a cursor; null for one that is the subgraph's own. */
export function heldCursor(cursor: string): HeldCursor | null {
  const [, told, from] = /^~([^~]+)~([^~]+)$/.exec(cursor) ?? []
  if (told === undefined || from === undefined) return null
  try {
    return { told: decodeURIComponent(told), from: decodeURIComponent(from) }
  } catch {
    return null // no gateway wrote this
  }
}

/** Whether a cursor sorts behind another: by their numbers where they have some, else as texts. */
export function isAfter(cursor: string, other: string): boolean {
  return collator.compare(cursor, other) > 0
}

const collator = new Intl.Collator('en', { numeric: true })

const packed = (cursor: string): string => encodeURIComponent(cursor).replaceAll('~', '%7E')
