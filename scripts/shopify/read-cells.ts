import { Failure } from '../../platform/failure.js'
import type { Column, ProductRow } from './read-rows.js'

/** What is wrong with a row: which line, and what was expected and came. */
export interface Wrong {
  readonly line: number
  /** One of the codes of `schema/failures.ts`. */
  readonly code: string
  readonly reason: string
}

function misread({ line }: ProductRow, column: Column, expected: string, came: string): Failure {
  const shown = came.length > 60 ? `${came.slice(0, 60)}…` : came
  return new Failure('BAD_USER_INPUT', `${column} must be ${expected}, got ${JSON.stringify(shown)}`, {
    details: { line },
  })
}

/** Null for an empty cell. */
export function optional(row: ProductRow, column: Column): string | null {
  const cell = row.cell(column)
  return cell === '' ? null : cell
}

/** Spreadsheets are told by an apostrophe to keep a number as it is; it is no part of it. */
export function code(row: ProductRow, column: Column): string | null {
  return optional(row, column)?.replace(/^'/, '') ?? null
}

/** In the currency's small unit, of which the amount has `digits` decimals. */
export function amount(row: ProductRow, column: Column, digits: number): number {
  const cell = row.cell(column)
  const found = /^(\d{1,12})(?:\.(\d+))?$/.exec(cell)
  const fraction = (found?.[2] ?? '').replace(/0+$/, '')
  if (found === null || fraction.length > digits)
    throw misread(row, column, `an amount with at most ${digits} decimals`, cell)
  return Number((found[1] ?? '') + fraction.padEnd(digits, '0'))
}

/** How many decimals the currency's small unit has: 2 for CNY, none for JPY. Slow: ask once for a file. */
export function minorDigits(currency: string): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return maximumFractionDigits
}

export function whole(row: ProductRow, column: Column): number | null {
  const cell = optional(row, column)
  if (cell === null) return null
  if (!/^-?\d{1,9}(\.0+)?$/.test(cell)) throw misread(row, column, 'a whole number', cell)
  return Number(cell)
}

export function yesOrNo(row: ProductRow, column: Column, standard: boolean): boolean {
  const cell = row.cell(column).toLowerCase()
  if (cell === '') return standard
  if (cell !== 'true' && cell !== 'false') throw misread(row, column, 'true or false', cell)
  return cell === 'true'
}

export function oneOf<const T extends string>(row: ProductRow, column: Column, allowed: readonly T[]): T | null {
  const cell = row.cell(column).toLowerCase()
  const found = allowed.find((word) => word === cell)
  if (found === undefined && cell !== '') throw misread(row, column, allowed.join(' or '), cell)
  return found ?? null
}

/** Reads, or writes down why it could not. */
export function tried<T>(wrong: Wrong[], row: ProductRow, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    wrong.push({ line: row.line, code: error.code, reason: error.message })
    return null
  }
}
