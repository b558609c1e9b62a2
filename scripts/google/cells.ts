import { Failure } from '../../platform/failure.js'

/** Values of one cell of a TSV: separated by commas, those that hold a comma or a quote in quotes. */
export function splitList(cell: string): readonly string[] {
  const found = cell.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)
  return [...found]
    .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare?.trim() ?? '')
    .filter((value) => value !== '')
}

/** The other way round. */
export function joinList(values: readonly string[]): string {
  return values.map((value) => (/[",]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')
}

/** `129.00 CNY` in the currency's small unit. */
export function price(
  cell: string,
  place: string,
  { currency, digits }: { readonly currency: string; readonly digits: number },
): number {
  const found = /^(\d{1,12})(?:\.(\d+))?\s*([A-Z]{3})$/.exec(cell)
  const fraction = (found?.[2] ?? '').replace(/0+$/, '')
  if (found === null || fraction.length > digits || found[3] !== currency)
    throw misread(place, `an amount in ${currency} with at most ${digits} decimals, like 129 ${currency}`, cell)
  return Number((found[1] ?? '') + fraction.padEnd(digits, '0'))
}

const GRAMS: ReadonlyMap<string, number> = new Map([['g', 1], ['kg', 1000], ['oz', 28.349523125], ['lb', 453.59237]]) // prettier-ignore

/** `0.2 kg` in whole grams. */
export function grams(cell: string, place: string): number | null {
  if (cell === '') return null
  const found = /^(\d{1,7}(?:\.\d+)?)\s*(g|kg|oz|lb)$/i.exec(cell)
  const unit = GRAMS.get(found?.[2]?.toLowerCase() ?? '')
  if (found === null || unit === undefined) throw misread(place, 'a weight in g, kg, oz or lb', cell)
  return Math.round(Number(found[1]) * unit)
}

/** What was expected of a cell, and what came. */
export function misread(place: string, expected: string, came: string): Failure {
  const shown = came.length > 60 ? `${came.slice(0, 60)}…` : came
  return new Failure('BAD_USER_INPUT', `${place} must be ${expected}, got ${JSON.stringify(shown)}`)
}
