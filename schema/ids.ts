import { createHash } from 'node:crypto'
import { misread, text } from '../platform/decode.js'
import { refuse } from './refuse.js'

/**
 * Global ids: `Type:key`. Opaque to clients; the type is written in it so that `node(id:)` knows whom to ask.
 * The key has 1 to 100 characters of letters, digits, `.`, `_`, `~` and `-`.
 */
const FORM = /^([A-Z][A-Za-z]{0,40}):([A-Za-z0-9._~-]{1,100})$/

export function globalId(type: string, key: string): string {
  const id = `${type}:${key}`
  if (!FORM.test(id))
    throw refuse('BAD_USER_INPUT', `an id must be of the form Type:key, got ${JSON.stringify(id.slice(0, 60))}`)
  return id
}

/** The type named in an id; null when the text is no id of ours. */
export function typeOfId(id: string): string | null {
  return FORM.exec(id)?.[1] ?? null
}

/** Reads an id of one type from outside. */
export function idOf(type: string): (value: unknown, place: string) => string {
  return (value, place) => {
    const id = text(value, place, { most: 142 })
    if (typeOfId(id) !== type) throw misread(place, `the id of a ${type}`, id)
    return id
  }
}

/** A key that is always the same for the same parts: 26 characters of base32 from a SHA-256. For things that have a natural name (seller and handle). */
export function keyFrom(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  let key = ''
  for (let at = 0; at < 26; at++) key += 'abcdefghijklmnopqrstuvwxyz234567'.charAt((hash[at] ?? 0) & 31)
  return key
}
