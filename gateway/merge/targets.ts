import type { PathStep } from '../plan/plan.js'
import { keyOf, thing, type Thing } from './tree.js'

/** Is an object of this type also one of that? */
export type IsA = (typename: string, condition: string) => boolean

/** An object that a fetch is about, and the objects around it, the nearest last. */
export interface Target {
  readonly it: Thing
  readonly around: readonly Thing[]
}

/**
 * All objects at a path: what was asked for once stands in many places as the same list, which is entered once. What is null, absent
 * or of another form than the path expects is passed over.
 */
export function targetsAt(root: Thing, path: readonly PathStep[], isA: IsA): readonly Thing[] {
  let level: readonly Thing[] = [root]
  for (const step of path) {
    if (step.kind === 'each') continue // lists are entered wherever they are
    level = step.kind === 'only' ? level.filter((it) => isOneOf(it, step.types, isA)) : thingsUnder(level, step.name)
  }
  return level
}

/** A list that one answer brought to many objects is entered once, whatever it holds; else lists in lists would multiply. */
function thingsUnder(owners: readonly Thing[], key: string): readonly Thing[] {
  const things: Thing[] = []
  const lists = owners.length > 1 ? new Set<unknown>() : null
  for (const owner of owners) {
    const value = keyOf(owner, key)
    if (lists !== null && Array.isArray(value)) {
      if (lists.has(value)) continue
      lists.add(value)
    }
    addThings(value, things)
  }
  return things
}

function addThings(value: unknown, things: Thing[]): void {
  if (Array.isArray(value)) {
    for (const item of value) addThings(item, things)
    return
  }
  const it = thing(value)
  if (it !== null) things.push(it)
}

/** The same with what stands around each, for values that come from above (`@fromContext`). */
export function targetsWithSurroundings(root: Thing, path: readonly PathStep[], isA: IsA): readonly Target[] {
  const found: Target[] = []
  descend(root, path, 0, isA, [], found)
  return found
}

function descend(
  value: unknown,
  path: readonly PathStep[],
  at: number,
  isA: IsA,
  around: Thing[],
  found: Target[],
): void {
  const step = path[at]
  if (Array.isArray(value)) {
    const next = step?.kind === 'each' ? at + 1 : at
    for (const item of value) descend(item, path, next, isA, around, found)
    return
  }
  const it = thing(value)
  if (it === null || step?.kind === 'each') return
  if (step === undefined) found.push({ it, around: [...around] })
  else if (step.kind === 'field') {
    around.push(it)
    descend(keyOf(it, step.name), path, at + 1, isA, around, found)
    around.pop()
  } else if (isOneOf(it, step.types, isA)) descend(it, path, at + 1, isA, around, found)
}

/** An object that does not tell its type is taken for one that fits, as the planner expects. */
export function isOneOf(it: Thing, types: readonly string[], isA: IsA): boolean {
  const typename = it['__typename']
  return typeof typename !== 'string' || types.some((type) => isA(typename, type))
}
