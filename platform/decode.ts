import { Failure } from './failure.js'

/** An object from outside, read key by key; its prototype is null, so that no name of the outside means anything. */
export type Fields = Readonly<Record<string, unknown>>

/** The one kind of refusal a decoder makes: which place, what was expected, what came. */
export function misread(place: string, expected: string, value: unknown): Failure {
  return new Failure('BAD_USER_INPUT', `${place} must be ${expected}, got ${shown(value)}`, { details: { place } })
}

/** An object's own keys. */
export function fields(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misread(place, 'an object', value)
  return Object.assign(Object.create(null), value) as Fields // a copy onto a null prototype has exactly the own keys
}

/** A text of at most `most` characters; an empty one is refused unless `least` is 0. */
export function text(value: unknown, place: string, { least = 1, most = 10_000 } = {}): string {
  if (typeof value !== 'string') throw misread(place, 'a text', value)
  if (value.length < least || value.length > most)
    throw misread(place, `a text of ${least} to ${most} characters`, value)
  // No database of ours can keep a zero byte in a text, and nobody means one.
  if (value.includes('\u0000')) throw misread(place, 'a text without zero bytes', value)
  return value
}

/** A whole number that a double holds exactly. */
export function whole(
  value: unknown,
  place: string,
  { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = {},
): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw misread(place, 'a whole number', value)
  if (value < least || value > most) throw misread(place, `a whole number from ${least} to ${most}`, value)
  return value
}

export function flag(value: unknown, place: string): boolean {
  if (typeof value !== 'boolean') throw misread(place, 'true or false', value)
  return value
}

/** An instant: an ISO text on the wire, a `Date` inside. */
export function instant(value: unknown, place: string): Date {
  const at = value instanceof Date ? value : new Date(text(value, place, { most: 40 }))
  if (Number.isNaN(at.getTime())) throw misread(place, 'an ISO date and time', value)
  return at
}

export function list<T>(
  value: unknown,
  place: string,
  each: (item: unknown, place: string) => T,
  { most = 10_000 } = {},
): readonly T[] {
  if (!Array.isArray(value)) throw misread(place, 'a list', value)
  if (value.length > most) throw misread(place, `a list of at most ${most}`, `${value.length} items`)
  return value.map((item, at) => each(item, `${place}[${at}]`))
}

export function oneOf<const T extends string>(value: unknown, place: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value)
  if (found === undefined) throw misread(place, `one of ${allowed.join(', ')}`, value)
  return found
}

/** Null or absent becomes null, anything else is read by `each`. */
export function maybe<T>(value: unknown, place: string, each: (value: unknown, place: string) => T): T | null {
  return value === undefined || value === null ? null : each(value, place)
}

/** JSON text from outside; what does not parse is a refusal, not a fault. */
export function json(value: string, place: string): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw misread(place, 'JSON', value)
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return String(value)
}
