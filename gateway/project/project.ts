import { isLeafType, isListType, isNonNullType, isObjectType, type GraphQLOutputType } from 'graphql'
import { FAILURES } from '../../schema/failures.js'
import { keyOf, thing, type FieldError, type Thing, type Tree } from '../merge/tree.js'
import { errorText, type ErrorList } from './error-list.js'
import { leafWriter } from './leaf.js'
import { clientPath } from './client-path.js'
import type { Deferred, Shape, ShapeField } from './shape.js'

/** An introspection field's own answer, by its key in the response. */
export type Introspected = ReadonlyMap<string, string>

/**
 * The tree, in the shape that the client asked for, as text; null when null has travelled up to the root. This is the plain
 * form: it tells every error, and the compiled one must agree with it.
 */
export function project(shape: Shape, tree: Tree, introspected: Introspected, errors: ErrorList): string | null {
  return new Projection(tree, introspected, errors).objectOf(shape, tree.root, shape.type.name)
}

/** Hears of what is left for later while a part of an answer is written. */
export interface Watch {
  /** An object that has something for later; each `enter` has its `leave`. */
  enter(deferred: Deferred, it: Thing, path: readonly (string | number)[]): void
  leave(): void
  /** What was heard since a mark stands in something that became null. */
  mark(): number
  forget(mark: number): void
}

/** Fields of one object that are told later, as the text of an object; null when they cannot be. */
export function projectFields(
  fields: readonly ShapeField[],
  { it, path, introspected }: { readonly it: Thing; readonly path: Path; readonly introspected: Introspected },
  tree: Tree,
  { errors, watch }: { readonly errors: ErrorList; readonly watch: Watch },
): string | null {
  return new Projection(tree, introspected, errors, watch, path).fieldsOf(fields, it)
}

/** The first part of an answer. */
export function projectFirst(
  shape: Shape,
  tree: Tree,
  introspected: Introspected,
  { errors, watch }: { readonly errors: ErrorList; readonly watch: Watch },
): string | null {
  return new Projection(tree, introspected, errors, watch).objectOf(shape, tree.root, shape.type.name)
}

type Path = readonly (string | number)[]

class Projection {
  readonly #tree: Tree
  readonly #introspected: Introspected
  readonly #errors: ErrorList
  readonly #watch: Watch | null
  readonly #path: (string | number)[]
  /** Failures of a part of an object whose other part is there: what is missing below is missing for them. */
  readonly #above: FieldError[] = []

  constructor(tree: Tree, introspected: Introspected, errors: ErrorList, watch: Watch | null = null, path: Path = []) {
    this.#watch = watch
    this.#path = [...path]
    this.#tree = tree
    this.#introspected = introspected
    this.#errors = errors
  }

  /** GraphQL, "Handling Execution Errors": a null that may not be one makes its whole object null. */
  objectOf(shape: Shape, it: Thing, typename: string): string | null {
    const fields = shape.fieldsFor(typename)
    if (fields === null) return shape.denies(typename) ? this.#refused() : this.#malformed()
    const deferred = this.#watch === null ? null : shape.deferredFor(typename)
    if (deferred === null) return this.fieldsOf(fields, it)
    this.#watch?.enter(deferred, it, this.#path)
    const text = this.fieldsOf(fields, it)
    this.#watch?.leave()
    return text
  }

  fieldsOf(fields: readonly ShapeField[], it: Thing): string | null {
    let text = '{'
    for (const field of fields) {
      this.#path.push(field.response)
      const value = this.#fieldOf(field, it)
      this.#path.pop()
      if (value === null) return null
      text += `${text.length > 1 ? ',' : ''}${JSON.stringify(field.response)}:${value}`
    }
    return `${text}}`
  }

  /** Its text, `null` where that is allowed, and null where the object around it has to go. */
  #fieldOf(field: ShapeField, it: Thing): string | null {
    if (field.name === '__typename')
      return isObjectType(field.parent) ? JSON.stringify(field.parent.name) : this.#malformed()
    const known = this.#introspected.get(field.response)
    if (known !== undefined && field.name.startsWith('__')) return known
    if (field.denied) {
      this.#refused()
      return isNonNullType(field.type) ? null : 'null'
    }
    return this.#placeOf(field, field.type, keyOf(it, field.inner), it, field.inner)
  }

  /** A value at its place: errors that are noted there are told, there or on what is missing of it. */
  #placeOf(
    field: ShapeField,
    type: GraphQLOutputType,
    value: unknown,
    owner: object,
    key: string | number,
  ): string | null {
    const before = this.#errors.length
    const mark = this.#watch === null ? 0 : this.#watch.mark()
    const inner = isNonNullType(type) ? type.ofType : type
    const noted = this.#tree.errorsAt(owner, key)
    const isPart = noted.length > 0 && isObject(value)
    const text = isPart ? this.#partOf(noted, field, inner, value) : this.#wholeOf(noted, field, inner, value)
    if (text === null) this.#watch?.forget(mark)
    if (!isNonNullType(type)) return text ?? 'null'
    if (text === null && this.#errors.length === before) this.#refuseNull(field, value, owner)
    return text
  }

  #wholeOf(noted: readonly FieldError[], field: ShapeField, type: GraphQLOutputType, value: unknown): string | null {
    const told = value === undefined && noted.length === 0 ? this.#above : noted
    for (const error of told) this.#tell(error, field)
    return this.#valueOf(field, type, value)
  }

  /** One subgraph failed that had a part of it, and another one gave its own. */
  #partOf(noted: readonly FieldError[], field: ShapeField, type: GraphQLOutputType, value: unknown): string | null {
    const before = this.#errors.length
    for (const error of noted) if (error.below.length > 0) this.#tell(error, field)
    const outer = this.#above.splice(0, Infinity, ...noted.filter((error) => error.below.length === 0))
    const text = this.#valueOf(field, type, value)
    const untold = this.#above.splice(0, Infinity, ...outer)
    if (this.#errors.length === before) for (const error of untold) this.#tell(error, field)
    return text
  }

  /** Nothing stands where something must: nobody knows the thing, or whoever does has broken its promise. */
  #refuseNull(field: ShapeField, value: unknown, owner: object): void {
    if (value === undefined && this.#tree.isUnknown(owner)) this.#say('NOT_FOUND', FAILURES.NOT_FOUND)
    else this.#say('INTERNAL_SERVER_ERROR', nullRefused(field))
  }

  #valueOf(field: ShapeField, type: GraphQLOutputType, value: unknown): string | null {
    if (value === undefined || value === null) return null
    if (isListType(type)) return Array.isArray(value) ? this.#listOf(field, type.ofType, value) : this.#malformed()
    if (isLeafType(type)) return leafWriter(type)(value) ?? this.#malformed()
    const it = thing(value)
    if (it === null || field.shape === null) return this.#malformed()
    const typename = it['__typename']
    if (isObjectType(type)) return this.objectOf(field.shape, it, type.name)
    return typeof typename === 'string' ? this.objectOf(field.shape, it, typename) : this.#malformed()
  }

  #listOf(field: ShapeField, type: GraphQLOutputType, items: readonly unknown[]): string | null {
    let text = '['
    for (const [at, item] of items.entries()) {
      this.#path.push(at)
      const value = this.#placeOf(field, type, item, items, at)
      this.#path.pop()
      if (value === null) return null
      text += at > 0 ? `,${value}` : value
    }
    return `${text}]`
  }

  #tell(error: FieldError, field: ShapeField): void {
    const below = error.below.length > 0 ? clientPath(field.shape, error.below) : []
    this.#errors.add(errorText(error.code, error.message, [...this.#path, ...below]), error.code)
  }

  #malformed(): null {
    this.#say('SUBGRAPH_MALFORMED', FAILURES.SUBGRAPH_MALFORMED)
    return null
  }

  #refused(): null {
    this.#say('UNAUTHORIZED_FIELD_OR_TYPE', FAILURES.UNAUTHORIZED_FIELD_OR_TYPE)
    return null
  }

  #say(code: string, message: string): void {
    this.#errors.add(errorText(code, message, this.#path), code)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function nullRefused({ parent, name }: ShapeField): string {
  return `Cannot return null for non-nullable field ${parent.name}.${name}.`
}
