import { fields, list, misread, oneOf, text, whole } from '../platform/decode.js'
import { POLICY_FORM } from './operation/grants.js'

/** Reads a setting whose form its default does not tell. */
export type SettingForm = (given: unknown, place: string) => unknown

/** A map of whole numbers by names that nobody knows beforehand. */
export const wholeNumbers: SettingForm = (given, place) =>
  mapped(given, place, (value, at) => whole(value, at, { least: 0 }))

/** A map of lists of texts by names that nobody knows beforehand. */
export const listsOfTexts: SettingForm = (given, place) =>
  mapped(given, place, (value, at) => list(value, at, (one, where) => text(one, where)))

/** One of some words. */
export function wordOf(words: readonly string[]): SettingForm {
  return (given, place) => oneOf(given, place, words)
}

/** An address that can be fetched from; a token must not be proven by what anybody on the way may change, so it is https but on this machine. */
export const webAddress: SettingForm = (given, place) => {
  const address = text(given, place, { least: 0 })
  if (address === '' || /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(address)) return address
  throw misread(place, 'an https address', given)
}

/** For each policy the conditions of which any grants it. */
export const conditionsByPolicy: SettingForm = (given, place) =>
  mapped(given, place, (value, at) => list(value, at, condition))

function condition(value: unknown, place: string): string {
  if (POLICY_FORM.test(text(value, place))) return text(value, place)
  throw misread(place, 'like role:operator, scope:read, partner:name or claim:name=value', value)
}

function mapped(given: unknown, place: string, read: SettingForm): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields(given, place))
  return Object.fromEntries(entries.map(([name, value]) => [name, read(value, `${place}.${name}`)]))
}
