import type { Figures } from './load.js'
import type { StandName } from './stands.js'

/** What the stands are loaded with. */
export const LOADS = ['peak', 'steady', 'overload', 'scarce'] as const
export type LoadName = (typeof LOADS)[number]

/** What was measured once. */
export interface Row extends Figures {
  readonly stand: StandName
  readonly skus: number
  readonly load: LoadName
  readonly round: number
  /** The peak of the same round, orders a second. */
  readonly peakPerSecond: number
  readonly oversold: number
}

/** How stands and loads are called in the table. */
const STAND_TITLES: Readonly<Record<StandName, string>> = {
  batched: 'batched',
  'one-by-one': 'one by one',
  redis: 'Redis (not durable)',
  pglite: 'PGlite, batched',
  endpoint: 'through the endpoint',
  past: 'batched, after a past',
}
const LOAD_TITLES: Readonly<Record<LoadName, string>> = {
  peak: 'peak',
  steady: '80 % of peak',
  overload: '3 × peak',
  scarce: '10,000 at once on 1,000 pieces',
}

/** Rows of one stand under one load, whatever the round. */
export interface Wanted {
  readonly stand: StandName
  readonly skus: number
  readonly load: LoadName
}

export function rowsOf(rows: readonly Row[], wanted: Wanted): readonly Row[] {
  return rows.filter(({ stand, skus, load }) => stand === wanted.stand && skus === wanted.skus && load === wanted.load)
}

/** The one in the middle; of two, the mean. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? NaN : (low + high) / 2
}

/** One line for each stand, number of variants and load: the middle of its rounds, and the lowest and highest rate among them. */
export function table(rows: readonly Row[]): string {
  const lines = new Map<string, string>()
  for (const { stand, skus, load } of rows)
    lines.set(`${stand} ${skus} ${load}`, lineOf(rowsOf(rows, { stand, skus, load })))
  const head = ['seller', 'variants', 'load', 'orders/s', 'lowest – highest', 'of the peak', 'p50 ms', 'p99 ms']
  return [cells([...head, 'refused', 'oversold']), cells(Array<string>(10).fill('---')), ...lines.values()].join('\n')
}

/** What one round came to, while the others are still measured. */
export function lineOf(rows: readonly Row[]): string {
  const [first] = rows
  if (first === undefined) return ''
  const rates = rows.map(({ perSecond }) => perSecond)
  const middle = (of: (row: Row) => number): string => whole(median(rows.map(of)))
  return cells([
    STAND_TITLES[first.stand],
    String(first.skus),
    LOAD_TITLES[first.load],
    middle(({ perSecond }) => perSecond),
    rows.length === 1 ? '' : `${whole(Math.min(...rates))} – ${whole(Math.max(...rates))}`,
    first.load === 'scarce' ? '' : `${whole(100 * median(rows.map((row) => row.perSecond / row.peakPerSecond)))} %`,
    middle(({ p50 }) => p50),
    middle(({ p99 }) => p99),
    refusals(rows),
    String(rows.reduce((sum, { oversold }) => sum + oversold, 0)),
  ])
}

export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en')
}

export function cells(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`
}

/** In one round, on average. */
function refusals(rows: readonly Row[]): string {
  const sums = new Map<string, number>()
  for (const { refused } of rows)
    for (const [code, count] of Object.entries(refused)) sums.set(code, (sums.get(code) ?? 0) + count)
  return [...sums].map(([code, count]) => `${whole(count / rows.length)} ${code}`).join(', ') || '–'
}
