import type { Chance } from '../../platform/time/chance.js'
import type { Overrides } from './planner.js'

const PERCENT = /^percent\(([0-9.]+)\)$/

/** Federation, progressive `@override`: `percent(n)` holds for n of 100 requests, any other label when it is named in the settings. */
export function chooseOverrides(labels: readonly string[], named: ReadonlySet<string>, chance: Chance): Overrides {
  return new Map(labels.map((label) => [label, holds(label, named, chance)]))
}

function holds(label: string, named: ReadonlySet<string>, chance: Chance): boolean {
  const percent = PERCENT.exec(label)?.[1]
  return percent === undefined ? named.has(label) : chance.fraction() * 100 < Number(percent)
}
