import { fields, misread, text, whole } from '../platform/decode.js'
import { refuse } from './refuse.js'

/** An amount in the smallest unit of its currency (fen for CNY), always whole. `currency` is ISO 4217, three capitals. */
export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

export function money(value: unknown, place: string): Money {
  const it = fields(value, place)
  return {
    amountMinor: whole(it['amountMinor'], `${place}.amountMinor`),
    currency: currency(it['currency'], `${place}.currency`),
  }
}

export function currency(value: unknown, place: string): string {
  const code = text(value, place, { least: 3, most: 3 })
  if (!/^[A-Z]{3}$/.test(code)) throw misread(place, 'three capital letters', code)
  return code
}

/** The sum of amounts in one currency. */
export function sum(currencyOfAll: string, amounts: readonly Money[]): Money {
  let amountMinor = 0
  for (const amount of amounts) {
    if (amount.currency !== currencyOfAll)
      throw refuse('CURRENCY_MIXED', `expected ${currencyOfAll}, got ${amount.currency}`)
    amountMinor += amount.amountMinor
  }
  return { amountMinor, currency: currencyOfAll }
}
