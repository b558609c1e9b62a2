import { list, misread, text, whole } from '../../../platform/decode.js'
import { readClick } from '../../../schema/click.js'
import { idOf } from '../../../schema/ids.js'
import type { AskedLine } from '../domain/draft.js'

/** A line as a client sends it. */
export interface LineInput {
  readonly variantId: string
  readonly quantity: number
  readonly roomId?: string | null
  readonly outlet?: string | null
  readonly flashSaleId?: string | null
  readonly preSaleId?: string | null
  readonly clickId?: string | null
  readonly unitPriceMinor?: number | null
}

/** The most lines and the most pieces of a line. */
const MOST_LINES = 50
const MOST_PIECES = 999

/** Reads the lines of an order; a click that we did not sign is refused. `linkKey` is the installation's key for links. */
export function readLines(lines: readonly LineInput[], linkKey: Uint8Array): readonly AskedLine[] {
  list(lines, 'lines', (line) => line, { most: MOST_LINES })
  return lines.map((line, at) => readLine(line, `lines[${at}]`, linkKey))
}

function readLine(line: LineInput, place: string, linkKey: Uint8Array): AskedLine {
  const given = <T>(value: unknown, name: string, read: (value: unknown, place: string) => T): T | null =>
    value === undefined || value === null ? null : read(value, `${place}.${name}`)
  const preSale = given(line.preSaleId, 'preSaleId', idOf('PreSale'))
  return {
    variant: idOf('Variant')(line.variantId, `${place}.variantId`),
    quantity: whole(line.quantity, `${place}.quantity`, { least: 1, most: MOST_PIECES }),
    room: given(line.roomId, 'roomId', idOf('Room')),
    outlet: given(line.outlet, 'outlet', (value, at) => text(value, at, { most: 40 })),
    flashSale: given(line.flashSaleId, 'flashSaleId', idOf('FlashSale')),
    ...(preSale !== null && { preSale }),
    click: given(line.clickId, 'clickId', (value) => {
      const { click, link } = readClick(linkKey, value)
      return { id: click, link }
    }),
    expectedUnitMinor: given(line.unitPriceMinor, 'unitPriceMinor', (value, at) => whole(value, at, { least: 0 })),
  }
}

/** Reads an idempotency key. */
export function readKey(value: string): string {
  return text(value, 'idempotencyKey', { most: 200 })
}

/** Reads the coupons laid on an order, each once and in a fixed order: laid in another order it is the same order. */
export function readCoupons(ids: readonly string[] | null | undefined): readonly string[] {
  const read = list(ids ?? [], 'couponIds', idOf('Coupon'), { most: 10 })
  return [...new Set(read)].sort()
}

/** Reads the region of an address: 2, 4 or 6 digits of the national list, or more for a street, which no rule looks at. */
export function readRegion(value: unknown, place: string): string {
  const code = text(value, place, { most: 12 })
  if (!/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(code)) throw misread(place, '2, 4, 6, 9 or 12 digits', code)
  return code.slice(0, 6)
}
