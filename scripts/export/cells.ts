import { minorDigits } from '../shopify/read-cells.js'

/** A row of a file whose cells are parted by `mark`; a cell that holds it, a quote or a line break stands in quotes. */
export function rowOf(cells: readonly string[], mark: ',' | '\t'): string {
  return `${cells.map((cell) => (cell.includes(mark) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(mark)}\n`
}

/** An amount of whole small units as people write it: `129.00`, in yen `129`. */
export function amountOf(minor: number, currency: string): string {
  const digits = minorDigits(currency)
  const text = String(minor).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
