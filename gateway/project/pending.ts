import type { Deferral } from '../operation/deferrals.js'
import type { Thing } from '../merge/tree.js'
import type { Watch } from './project.js'
import type { Deferred, ShapeField } from './shape.js'

type Path = readonly (string | number)[]

/** A deferral at one object of the answer. */
export interface Pending {
  readonly deferral: Deferral
  readonly path: Path
  readonly around: Pending | null
  /** What it still has to tell. */
  readonly groups: Group[]
  /** Those within it: they are told after it. */
  readonly inner: Pending[]
  /** What the client knows it by, once it does. */
  id: string | null
  state: 'waiting' | 'told' | 'failed'
}

/** Fields of one object that are told together, with whichever deferral of theirs is told first. */
export interface Group {
  readonly of: readonly Pending[]
  readonly fields: readonly ShapeField[]
  readonly it: Thing
  readonly path: Path
  readonly around: Scope | null
  isTold: boolean
}

/** The deferrals that stand around an object, the nearest first. */
export interface Scope {
  readonly pending: Pending
  readonly outer: Scope | null
}

type Heard = { readonly pending: Pending } | { readonly group: Group }

/** What one part of an answer leaves for later, while it is being written. */
export class Listening implements Watch {
  #scope: Scope | null
  readonly #outer: (Scope | null)[] = []
  readonly #heard: Heard[] = []

  constructor(scope: Scope | null) {
    this.#scope = scope
  }

  enter({ begun, groups }: Deferred, it: Thing, path: Path): void {
    this.#outer.push(this.#scope)
    const at = [...path]
    for (const deferral of begun) this.#begin(deferral, at)
    for (const { of, fields } of groups) {
      const all = [...of].flatMap((one) => pendingOf(this.#scope, one) ?? [])
      this.#heard.push({ group: { of: all, fields, it, path: at, around: this.#scope, isTold: false } })
    }
  }

  leave(): void {
    this.#scope = this.#outer.pop() ?? null
  }

  mark(): number {
    return this.#heard.length
  }

  forget(mark: number): void {
    this.#heard.length = mark
  }

  /** Puts what was heard where it belongs; gives those that stand within no other. */
  keep(): readonly Pending[] {
    const outermost: Pending[] = []
    for (const one of this.#heard) {
      if ('group' in one) for (const pending of one.group.of) pending.groups.push(one.group)
      else if (one.pending.around === null) outermost.push(one.pending)
      else one.pending.around.inner.push(one.pending)
    }
    return outermost
  }

  #begin(deferral: Deferral, path: Path): void {
    const around = deferral.within && pendingOf(this.#scope, deferral.within)
    const pending: Pending = { deferral, path, around, groups: [], inner: [], id: null, state: 'waiting' }
    this.#heard.push({ pending })
    this.#scope = { pending, outer: this.#scope }
  }
}

function pendingOf(scope: Scope | null, deferral: Deferral): Pending | null {
  for (let at = scope; at !== null; at = at.outer) if (at.pending.deferral === deferral) return at.pending
  return null
}
