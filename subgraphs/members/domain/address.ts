import { misread, text } from '../../../platform/decode.js'

/** Where a parcel goes: personal data of one member, shown to nobody but him and whoever ships his orders. */
export interface AddressFields {
  /** The number of a region, as the national list has it (GB/T 2260: six digits, longer ones for streets). */
  readonly regionCode: string
  readonly line: string
  readonly receiver: string
  readonly phone: string
}

/** Reads an address from outside. */
export function readAddress(input: AddressFields): AddressFields {
  return {
    regionCode: matching(input.regionCode, 'regionCode', {
      pattern: /^\d{6}(\d{3}|\d{6})?$/,
      expected: '6, 9 or 12 digits',
    }),
    line: words(input.line, 'line', 200),
    receiver: words(input.receiver, 'receiver', 50),
    phone: matching(input.phone, 'phone', { pattern: /^\+?\d[\d -]{4,18}\d$/, expected: 'a telephone number' }),
  }
}

/** A line of words without anything that a label cannot print. */
export function words(value: unknown, place: string, most: number): string {
  const found = text(typeof value === 'string' ? value.trim() : value, place, { most })
  if (/[\p{Cc}\p{Surrogate}]/u.test(found)) throw misread(place, 'a line of words', found)
  return found
}

// What came is not told: it is somebody's telephone number, and messages reach logs.
function matching(value: string, place: string, { pattern, expected }: { pattern: RegExp; expected: string }): string {
  const found = value.trim()
  if (!pattern.test(found)) throw misread(place, expected, `${found.length} characters`)
  return found
}
