import { print, type ArgumentNode, type DirectiveNode, type FieldNode } from 'graphql'
import type { SubgraphField, SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { PathStep, Requirement } from './plan.js'

/** A place, as far as a question knows it: which field with that key is wanted of all its objects? */
export interface Wanting {
  wanted(key: string): FieldNode | undefined
}

/** A selection set of a question that is being put together. */
export class Asked {
  readonly type: SubgraphType
  readonly fields = new Map<string, AskedField>()
  readonly fragments = new Map<string, Asked>()
  /** The places whose objects it is asked of, where they are not told apart by a fragment. */
  readonly about = new Set<Wanting>()
  typename = false

  constructor(type: SubgraphType) {
    this.type = type
  }

  /** The fragment for objects of one type; the set itself when it speaks of that type already. */
  on(type: SubgraphType): Asked {
    if (type.name === this.type.name) return this
    let fragment = this.fragments.get(type.name)
    if (fragment === undefined) this.fragments.set(type.name, (fragment = new Asked(type)))
    return fragment
  }

  /** Asks a field under its key; `below` is the type that it leads to here. */
  ask(field: FieldNode, definition: SubgraphField, below: SubgraphType | null): AskedField {
    const key = responseKey(field)
    let asked = this.fields.get(key)
    if (asked === undefined) {
      asked = {
        key,
        sentAs: key,
        name: field.name.value,
        arguments: field.arguments ?? [],
        directives: field.directives ?? [],
        definition,
        below: below && new Asked(below),
      }
      this.fields.set(key, asked)
    }
    return asked
  }

  get isEmpty(): boolean {
    return this.fields.size === 0 && !this.typename && [...this.fragments.values()].every((one) => one.isEmpty)
  }
}

/** A field of a question. `sentAs` differs from its key only where two types' fields would clash. */
export interface AskedField {
  readonly key: string
  sentAs: string
  readonly name: string
  readonly arguments: readonly ArgumentNode[]
  readonly directives: readonly DirectiveNode[]
  readonly definition: SubgraphField
  readonly below: Asked | null
}

/** One question to one subgraph about the objects at one path, and the questions whose answers it needs first. */
export class Question {
  readonly subgraph: SubgraphTypes
  readonly path: readonly PathStep[]
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** For the root: what is selected of it. For entities: null, and `onTypes` has what is selected of each. */
  readonly root: Asked | null
  readonly onTypes = new Map<string, Asked>()
  readonly requires: Requirement[] = []
  readonly #required = new Set<string>()
  readonly after = new Set<Question>()
  /** What sets it apart from other questions to the same subgraph at the same path. */
  readonly mark: string
  /** Its place among the questions of the plan. */
  readonly number: number
  /** The part of the answer that it is asked for. */
  readonly part: number
  /** Asks once more for objects that another part has: it must not change them before that part is told. */
  meets = false

  constructor(
    subgraph: SubgraphTypes,
    path: readonly PathStep[],
    kind: 'query' | 'mutation' | 'subscription',
    root: SubgraphType | null,
    { mark, number, part }: { readonly mark: string; readonly number: number; readonly part: number },
  ) {
    this.part = part
    this.number = number
    this.subgraph = subgraph
    this.path = path
    this.kind = kind
    this.root = root && new Asked(root)
    this.mark = mark
  }

  /** Does it, directly or not, wait for that one? */
  waitsFor(other: Question, seen = new Set<Question>()): boolean {
    if (this === other) return true
    if (seen.has(this)) return false
    seen.add(this)
    for (const one of this.after) if (one.waitsFor(other, seen)) return true
    return false
  }

  /** How many questions have to be answered one after the other before this one can be asked. */
  depth(known: Map<Question, number>): number {
    let depth = known.get(this)
    if (depth !== undefined) return depth
    known.set(this, 0) // none waits for itself; were there one, it would not be waited for here
    depth = 0
    for (const one of this.after) depth = Math.max(depth, 1 + one.depth(known))
    known.set(this, depth)
    return depth
  }

  /** Adds to what is sent of each object, once. */
  require(requirement: Requirement): void {
    const text = JSON.stringify(requirement)
    if (this.#required.has(text)) return
    this.#required.add(text)
    this.requires.push(requirement)
  }

  /** What is asked of objects of a type that can be entered here. */
  of(type: SubgraphType): Asked {
    let asked = this.onTypes.get(type.name)
    if (asked === undefined) this.onTypes.set(type.name, (asked = new Asked(type)))
    return asked
  }
}

/** The key under which a field stands in its object. */
export function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value
}

/** A path as text, to find equal ones. */
export function pathKey(path: readonly PathStep[]): string {
  return path
    .map((step) => (step.kind === 'field' ? step.name : step.kind === 'each' ? '@' : `|${step.types.join()}`))
    .join('.')
}

/** A field's arguments as text, the same in whatever order they stand. */
export function argumentsKey(field: FieldNode): string {
  return (field.arguments ?? []).map(print).sort().join()
}

/** A field without what is selected of it. */
export function bare({ kind, name, alias, arguments: given, directives }: FieldNode): FieldNode {
  return { kind, name, ...(alias && { alias }), arguments: given ?? [], directives: directives ?? [] }
}
