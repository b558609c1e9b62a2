import { cells, median, rowsOf, whole, type Row } from './rows.js'

/** What the flow of orders is to reach on two cores with the database and the buyers on them. */
export interface Goal {
  readonly goal: string
  readonly measured: string
  /** Null: nothing was measured to judge it by. */
  readonly isMet: boolean | null
}

const LEAST_PER_SECOND = 5000
const LEAST_TIMES = 10
const MOST_P99_MS = 250
const LEAST_KEPT = 0.9

/** Each goal, judged by the flow: rates by the middle of the rounds, p99 and overload by the worst of them. */
export function goals(rows: readonly Row[], skus: readonly number[]): readonly Goal[] {
  const [hot = 1] = skus
  const peak = rate(rows, 'batched', hot)
  const times = peak / rate(rows, 'one-by-one', hot)
  return [
    judged(`durable orders/s on ${variants(hot)} ≥ ${whole(LEAST_PER_SECOND)}`, peak, whole, peak >= LEAST_PER_SECOND),
    judged(`beside one transaction for each order ≥ ${LEAST_TIMES} ×`, times, tenth, times >= LEAST_TIMES),
    ...skus.map((each) => steady(rows, each)),
    ...skus.map((each) => kept(rows, each)),
    ...skus.map((each) => clear(rows, each)),
    sold(rows),
  ]
}

/** The goals as a table. */
export function goalTable(judgements: readonly Goal[]): string {
  const lines = judgements.map(({ goal, measured, isMet }) =>
    cells([goal, measured, isMet === null ? '–' : isMet ? '✓' : '✗']),
  )
  return [cells(['goal', 'measured', '']), cells(['---', '---', '---']), ...lines].join('\n')
}

function steady(rows: readonly Row[], skus: number): Goal {
  const worst = most(rowsOf(rows, { stand: 'batched', skus, load: 'steady' }).map(({ p99 }) => p99))
  const text = `p99 at 80 % of the peak, ${variants(skus)} ≤ ${MOST_P99_MS} ms`
  return judged(text, worst, (ms) => `${whole(ms)} ms`, worst <= MOST_P99_MS)
}

function kept(rows: readonly Row[], skus: number): Goal {
  const shares = rowsOf(rows, { stand: 'batched', skus, load: 'overload' }).map(
    (row) => row.perSecond / row.peakPerSecond,
  )
  const least = -most(shares.map((share) => -share))
  const text = `of the peak at 3 × the peak, ${variants(skus)}, each round ≥ ${LEAST_KEPT * 100} %`
  return judged(text, least, (share) => `${whole(share * 100)} %`, least >= LEAST_KEPT)
}

/** Too much is refused with BUSY and nothing else: no time-outs, no faults. */
function clear(rows: readonly Row[], skus: number): Goal {
  const codes = new Set(
    rowsOf(rows, { stand: 'batched', skus, load: 'overload' }).flatMap(({ refused }) => Object.keys(refused)),
  )
  const goal = `refusals at 3 × the peak, ${variants(skus)}: BUSY alone`
  if (rowsOf(rows, { stand: 'batched', skus, load: 'overload' }).length === 0)
    return { goal, measured: '', isMet: null }
  return { goal, measured: [...codes].join(', ') || 'none', isMet: [...codes].every((code) => code === 'BUSY') }
}

function sold(rows: readonly Row[]): Goal {
  const pieces = rows.reduce((sum, { oversold }) => sum + oversold, 0)
  return { goal: 'oversold, everywhere = 0', measured: String(pieces), isMet: pieces === 0 }
}

function rate(rows: readonly Row[], stand: 'batched' | 'one-by-one', skus: number): number {
  return median(rowsOf(rows, { stand, skus, load: 'peak' }).map(({ perSecond }) => perSecond))
}

function judged(goal: string, figure: number, shown: (figure: number) => string, isMet: boolean): Goal {
  return Number.isFinite(figure) ? { goal, measured: shown(figure), isMet } : { goal, measured: '', isMet: null }
}

/** NaN of none. */
function most(figures: readonly number[]): number {
  return figures.length === 0 ? NaN : Math.max(...figures)
}

function tenth(figure: number): string {
  return `${figure.toFixed(1)} ×`
}

function variants(skus: number): string {
  return skus === 1 ? 'one variant' : `${skus} variants`
}
