import type { ContextInput, FetchNode, PathStep } from '../plan/plan.js'
import { emptyRecord } from '../operation/read-variables.js'
import { isOneOf, type IsA, type Target } from '../merge/targets.js'
import { keyOf, thing, type Thing } from '../merge/tree.js'

/** Objects for which a fetch's context arguments have the same values. */
export interface ContextGroup {
  readonly values: Readonly<Record<string, unknown>>
  readonly targets: readonly Thing[]
}

/** Federation, `@fromContext`: an argument's value stands on an object above; those with equal values can be asked in one request. */
export function byContext(fetch: FetchNode, targets: readonly Target[], isA: IsA): readonly ContextGroup[] {
  const groups = new Map<string, { values: Record<string, unknown>; targets: Thing[] }>()
  for (const { it, around } of targets) {
    const values = valuesFor(fetch.contexts, it, around, isA)
    const key = JSON.stringify(values)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { values, targets: [it] })
    else known.targets.push(it)
  }
  return [...groups.values()]
}

function valuesFor(
  contexts: readonly ContextInput[],
  it: Thing,
  around: readonly Thing[],
  isA: IsA,
): Record<string, unknown> {
  const values = emptyRecord()
  for (const { variable, up, path } of contexts) {
    const from = up === 0 ? it : around[around.length - up]
    const value = from && valueAt(from, path, 0, isA)
    if (value !== undefined) values[variable] = value
  }
  return values
}

function valueAt(value: unknown, path: readonly PathStep[], at: number, isA: IsA): unknown {
  const step = path[at]
  if (step === undefined) return value
  if (Array.isArray(value)) return value.map((item) => valueAt(item, path, at, isA))
  const it = thing(value)
  if (it === null) return undefined
  if (step.kind === 'only') return isOneOf(it, step.types, isA) ? valueAt(it, path, at + 1, isA) : undefined
  return valueAt(step.kind === 'field' ? keyOf(it, step.name) : it, path, at + 1, isA)
}
