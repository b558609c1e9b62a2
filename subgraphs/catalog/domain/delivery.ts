import { list, misread, text } from '../../../platform/decode.js'
import type { Delivery } from '../../../schema/regions.js'

const MOST_REGIONS = 500

/** Reads regions from outside, each once and in order. */
export function readDelivery({ only, except }: Delivery): Delivery {
  return { only: regions(only, 'only'), except: regions(except, 'except') }
}

/** The region of an address: six digits, more for streets. */
export function regionCode(value: unknown, place: string): string {
  const code = text(value, place, { most: 12 })
  if (!/^\d{6}(\d{3}|\d{6})?$/.test(code)) throw misread(place, '6, 9 or 12 digits', code)
  return code
}

function regions(codes: readonly string[], place: string): readonly string[] {
  const read = list(codes, place, (code, at) => region(code, at), { most: MOST_REGIONS })
  return [...new Set(read)].sort()
}

function region(value: unknown, place: string): string {
  const code = text(value, place, { most: 6 })
  if (!/^(\d\d){1,3}$/.test(code)) throw misread(place, 'a region of 2, 4 or 6 digits', code)
  return code
}
