import { emptyRecord } from '../operation/read-variables.js'

/** A failure at a place of the tree; told to the client for every place where the client sees it. */
export interface FieldError {
  readonly code: string
  readonly message: string
  /** From the place on which it is noted to where it arose, when what lies between is null. */
  readonly below: readonly (string | number)[]
}

/** An object of a subgraph's answer. Its keys are known names of the plan; it is read by `keyOf` or by a compiled reader only. */
export type Thing = Record<string, unknown>

/** What one request has gathered so far: one tree, and what failed, noted on the object and key where it shows. */
export class Tree {
  readonly root: Thing = emptyRecord()
  #errors: Map<object, Map<string | number, FieldError[]>> | null = null
  #unknown: WeakSet<object> | null = null

  get failed(): boolean {
    return this.#errors !== null
  }

  /** Notes a failure on a key of an object, or on an index of a list; the same one only once. */
  note(owner: object, key: string | number, error: FieldError): void {
    this.#errors ??= new Map()
    let ofOwner = this.#errors.get(owner)
    if (ofOwner === undefined) this.#errors.set(owner, (ofOwner = new Map<string | number, FieldError[]>()))
    const known = ofOwner.get(key)
    if (known === undefined) ofOwner.set(key, [error])
    else if (!known.includes(error)) known.push(error)
  }

  /** Notes that an owner of the object knows no such thing: no failure, until a field that must be there is asked for. */
  noteUnknown(owner: object): void {
    this.#unknown ??= new WeakSet()
    this.#unknown.add(owner)
  }

  isUnknown(owner: object): boolean {
    return this.#unknown?.has(owner) ?? false
  }

  /** What was noted there. */
  errorsAt(owner: object, key: string | number): readonly FieldError[] {
    return this.#errors?.get(owner)?.get(key) ?? []
  }
}

/** A thing, or null for everything that is none. */
export function thing(value: unknown): Thing | null {
  // The cast says what was just checked: an object that is no list.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Thing) : null
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Would this key be found on an object that does not have it? */
export function isInherited(key: string): boolean {
  return INHERITED.has(key)
}

/**
 * What stands under a key of its own. Subgraphs' objects have the ordinary prototype, which must never answer for them: JSON
 * holds no functions, and all that is inherited is one (but `__proto__`, which is no name of GraphQL's).
 */
export function keyOf(owner: Thing, key: string): unknown {
  const value = owner[key]
  return typeof value === 'function' ? undefined : value
}
