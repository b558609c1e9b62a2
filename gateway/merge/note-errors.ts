import type { Brought, FetchNode, Requirement } from '../plan/plan.js'
import type { ReadError } from './read-answer.js'
import type { IsA } from './targets.js'
import { keyOf, thing, type FieldError, type Thing, type Tree } from './tree.js'

/** Notes an error of an answer at its place: down its path as far as there is something, on what is null there. */
export function noteAt(
  tree: Tree,
  fetch: FetchNode,
  owner: Thing,
  path: readonly (string | number)[],
  error: ReadError,
): void {
  let holder: object = owner
  for (const [at, step] of path.entries()) {
    const key = typeof step === 'string' ? nameInTree(fetch, holder, step) : step
    const value = valueAt(holder, key)
    if (at === path.length - 1 || typeof value !== 'object' || value === null) {
      tree.note(holder, key, { code: error.code, message: error.message, below: path.slice(at + 1) })
      return
    }
    holder = value
  }
}

/**
 * Notes one error on every field of an object that the fetch should have brought, and that has no value and no error of its
 * own; also within what another fetch has brought of the same.
 */
export function noteMissing(tree: Tree, fetch: FetchNode, owner: Thing, error: FieldError, isA: IsA): void {
  const within = (value: unknown, brings: readonly Brought[]): void => {
    if (brings.length === 0) return
    if (Array.isArray(value)) for (const item of value) within(item, brings)
    const it = thing(value)
    if (it === null) return
    const typename = it['__typename']
    for (const { type, key, below } of brings) {
      if (type !== null && typeof typename === 'string' && !isA(typename, type)) continue
      const name = nameInTree(fetch, it, key)
      const held = keyOf(it, name)
      if (held !== undefined && held !== null) within(held, below)
      else if (tree.errorsAt(it, name).length === 0) tree.note(it, name, error)
    }
  }
  within(owner, fetch.brings)
}

/** What could not be asked for because something that it requires had failed is told with that failure. */
export function explainUnasked(tree: Tree, fetch: FetchNode, unasked: readonly Thing[], isA: IsA): void {
  for (const owner of unasked) {
    const cause = causeIn(tree, owner, fetch.requires ?? [])
    if (cause) noteMissing(tree, fetch, owner, { ...cause, below: [] }, isA)
  }
}

function causeIn(tree: Tree, value: unknown, requires: readonly Requirement[]): FieldError | undefined {
  if (Array.isArray(value)) return firstOf(value, (item) => causeIn(tree, item, requires))
  const it = thing(value)
  if (it === null) return undefined
  return firstOf(requires, (one) => {
    if (one.kind === 'on') return causeIn(tree, it, one.below)
    return tree.errorsAt(it, one.name)[0] ?? (one.below ? causeIn(tree, keyOf(it, one.name), one.below) : undefined)
  })
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => FieldError | undefined): FieldError | undefined {
  for (const item of items) {
    const found = find(item)
    if (found) return found
  }
  return undefined
}

function valueAt(holder: object, key: string | number): unknown {
  if (Array.isArray(holder)) return typeof key === 'number' ? holder[key] : undefined
  const it = thing(holder)
  return it === null ? undefined : keyOf(it, String(key))
}

/** The answer's name of a field may be one that was chosen for the question only. */
function nameInTree(fetch: FetchNode, holder: object, key: string): string {
  if (fetch.renames.length === 0 || (Object.hasOwn(holder, key) && valueAt(holder, key) !== undefined)) return key
  return fetch.renames.find((rename) => rename.from === key)?.to ?? key
}
