import {
  baseType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type InterfaceType,
  type NamedType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals'
import { Kind, type SelectionSetNode } from 'graphql'
import { readFieldSet } from './joins.js'
import { usesOf, type Uses } from './linked-directives.js'
import type { SubgraphTypes } from './subgraph-types.js'

/** A field on a type. */
export interface TypeField {
  readonly type: string
  readonly field: string
}

/** Which other fields are fetched for a field: what it requires in any subgraph, and what fills its arguments from a context. */
export class Dependencies {
  readonly #schema: Schema
  readonly #subgraphs: readonly SubgraphTypes[]
  readonly #joinedAs: Uses | null
  readonly #contexts: ReadonlyMap<string, readonly string[]>

  constructor(schema: Schema, subgraphs: readonly SubgraphTypes[]) {
    this.#schema = schema
    this.#subgraphs = subgraphs
    this.#joinedAs = usesOf(schema, 'join', 'field')
    this.#contexts = readContexts(schema)
  }

  of(type: string, field: string): readonly TypeField[] {
    const found: TypeField[] = []
    for (const holder of this.#namesOf(type)) {
      for (const { types } of this.#subgraphs) {
        const requires = types.get(holder)?.fields.get(field)?.requires
        if (requires) this.#select(type, requires, found)
      }
      for (const { context, selection } of this.#contextArguments(holder, field))
        for (const source of this.#contexts.get(context) ?? []) this.#select(source, readFieldSet(selection), found)
    }
    return found
  }

  /** The type and its interfaces: an interface object gives fields to all its implementations. */
  #namesOf(type: string): readonly string[] {
    const holder = this.#schema.type(type)
    return hasFields(holder) ? [type, ...holder.interfaces().map(({ name }) => name)] : [type]
  }

  #contextArguments(type: string, field: string): readonly { readonly context: string; readonly selection: string }[] {
    const holder = this.#schema.type(type)
    const definition = hasFields(holder) ? holder.field(field) : undefined
    if (definition === undefined || this.#joinedAs === null) return []
    return this.#joinedAs(definition).flatMap(({ contextArguments }) =>
      (Array.isArray(contextArguments) ? contextArguments : []).map((one: Record<string, unknown>) => ({
        context: String(one['context']),
        selection: selectionOf(String(one['selection'])),
      })),
    )
  }

  /** Of an abstract type every possible object counts: which one will stand there is not known before it is fetched. */
  #select(type: string, { selections }: SelectionSetNode, into: TypeField[]): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        this.#select(selection.typeCondition?.name.value ?? type, selection.selectionSet, into)
      if (selection.kind !== Kind.FIELD) continue
      const field = selection.name.value
      const below = selection.selectionSet
      for (const holder of this.#objectsOf(type)) {
        into.push({ type: holder.name, field })
        const inner = holder.field(field)?.type
        if (inner && below) this.#select(baseType(inner).name, below, into)
      }
    }
  }

  #objectsOf(name: string): readonly (ObjectType | InterfaceType)[] {
    const type = this.#schema.type(name)
    if (type === undefined) return []
    if (isInterfaceType(type)) return [type, ...type.possibleRuntimeTypes()]
    if (isUnionType(type)) return type.types()
    return isObjectType(type) ? [type] : []
  }
}

function hasFields(type: NamedType | undefined): type is ObjectType | InterfaceType {
  return type !== undefined && (isObjectType(type) || isInterfaceType(type))
}

/** The types that set each context. */
function readContexts(schema: Schema): ReadonlyMap<string, readonly string[]> {
  const uses = usesOf(schema, 'context', 'context')
  const contexts = new Map<string, string[]>()
  if (uses === null) return contexts
  for (const type of schema.types())
    for (const { name } of uses(type)) {
      const known = contexts.get(String(name))
      if (known === undefined) contexts.set(String(name), [type.name])
      else known.push(type.name)
    }
  return contexts
}

/** `{ locale }`, or for several types `... on A { x } ... on B { y }`; the braces around it may be missing. */
function selectionOf(text: string): string {
  const inner = text.trim()
  return inner.startsWith('{') && inner.endsWith('}') ? inner.slice(1, -1) : inner
}
