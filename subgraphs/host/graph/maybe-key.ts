import { maybe, text } from '../../../platform/decode.js'

/** The options of an input's field for an idempotency key that may be left out. */
export const MAYBE_KEY = {
  nullable: true,
  description:
    'Chosen by the client, 1 to 200 characters: asking again with the same key and body changes nothing. None: asking again makes another.',
} as const

/** Reads the key of an input that may bear one. */
export function readMaybeKey({ idempotencyKey }: { readonly idempotencyKey?: string | null }): string | null {
  return maybe(idempotencyKey, 'idempotencyKey', (value, place) => text(value, place, { most: 200 }))
}
