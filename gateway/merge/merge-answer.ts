import { emptyRecord } from '../operation/read-variables.js'
import type { Rename } from '../plan/plan.js'
import { isOneOf, type IsA } from './targets.js'
import { keyOf, thing, type Thing } from './tree.js'

/**
 * Puts what a subgraph answered into the tree, without copying what is not there yet: where two answers meet, objects are
 * merged key by key and lists item by item. A value is never replaced by null.
 */
export function mergeAnswer(target: Thing, answer: Thing): void {
  if (target === answer) return
  for (const key in answer) {
    if (key === '__proto__') continue // as a key of an answer it is nothing of the plan's, and assigned it would change the prototype
    const value = answer[key]
    const held = keyOf(target, key)
    if (held === undefined || held === null) {
      if (value !== undefined) target[key] = value
    } else if (value !== undefined && value !== null) {
      if (!mergedWithin(held, value)) target[key] = value
    }
  }
}

function mergedWithin(held: unknown, value: unknown): boolean {
  if (held === value) return true
  if (Array.isArray(held)) return Array.isArray(value) && held.length === value.length && mergeLists(held, value)
  const [inner, outer] = [thing(held), thing(value)]
  if (inner === null || outer === null) return false
  mergeAnswer(inner, outer)
  return true
}

function mergeLists(held: unknown[], value: readonly unknown[]): boolean {
  value.forEach((item, at) => {
    const known = held[at]
    if (known === null || known === undefined) held[at] = item
    else if (item !== null && item !== undefined && !mergedWithin(known, item)) held[at] = item
  })
  return true
}

/** Gives the fields that were asked under other names, so as not to clash, their own ones. */
export function renameFields(answer: unknown, renames: readonly Rename[], isA: IsA): void {
  for (const rename of renames) renameAt(answer, rename, 0, isA)
}

function renameAt(value: unknown, rename: Rename, at: number, isA: IsA): void {
  if (Array.isArray(value)) {
    for (const item of value) renameAt(item, rename, at, isA)
    return
  }
  const it = thing(value)
  if (it === null) return
  const step = rename.path[at]
  if (step === undefined) {
    if (!Object.hasOwn(it, rename.from)) return
    it[rename.to] = it[rename.from]
    it[rename.from] = undefined
  } else if (step.kind === 'field') renameAt(keyOf(it, step.name), rename, at + 1, isA)
  else if (step.kind === 'each' || isOneOf(it, step.types, isA)) renameAt(it, rename, at + 1, isA)
}

/** A copy of JSON, in which nothing is shared with the original. */
export function copied<Value>(value: Value): Value {
  // A copy of JSON is of the type of what it copies.
  return copy(value) as Value
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  const it = thing(value)
  if (it === null) return value
  const made = emptyRecord()
  for (const key of Object.keys(it)) if (key !== '__proto__') made[key] = copy(it[key])
  return made
}
