import { instant, text, whole } from '../../platform/decode.js'

/** What every event of this topic says: `id` is made from the fact, `at` is ISO text. */
export interface Told {
  readonly id: string
  readonly at: string
}

/** Reads it. */
export function told(it: Readonly<Record<string, unknown>>): Told {
  return { id: text(it['id'], 'ordersEvent.id', { most: 300 }), at: moment(it['at'], 'ordersEvent.at') }
}

/** A number of pieces, of money or of a version: never below nothing. */
export function amount(value: unknown, place: string): number {
  return whole(value, place, { least: 0 })
}

/** An instant, as the ISO text that it stays. */
export function moment(value: unknown, place: string): string {
  return instant(value, place).toISOString()
}
