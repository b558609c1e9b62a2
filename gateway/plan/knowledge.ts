import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { SubgraphField, SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { Entry, Place } from './place.js'
import type { Overrides } from './planner.js'
import { isProvided } from './provided.js'

/** Where fields can be had: what the subgraphs resolve, and which of them can be entered from a place. It changes nothing. */
export class Knowledge {
  readonly #supergraph: Supergraph
  readonly #overrides: Overrides
  readonly #kind: 'query' | 'mutation' | 'subscription'

  constructor(supergraph: Supergraph, overrides: Overrides, kind: 'query' | 'mutation' | 'subscription') {
    this.#supergraph = supergraph
    this.#overrides = overrides
    this.#kind = kind
  }

  localEntry(place: Place, field: FieldNode): Entry | undefined {
    const able = place.entries().filter((entry) => this.canTake(place, entry, field))
    if (able.length < 2) return able[0]
    return able.reduce((best, entry) => (this.#depth(entry, field) > this.#depth(best, field) ? entry : best))
  }

  canTake(place: Place, entry: Entry, field: FieldNode): boolean {
    const { asked, question } = entry
    const definition = asked.type.fields.get(field.name.value)
    if (definition === undefined) return false
    if (isProvided(entry, field.name.value)) return true
    if (entry.isSpecial || definition.isExternal || definition.requires) return false
    if (!this.isServed(question.subgraph, asked.type, definition)) return false
    return !this.isAbstract(place.type) || this.isWhole(question.subgraph, asked.type, field)
  }

  /** Asked on an interface, a field must be one that the subgraph resolves for each of its own members. */
  isWhole(subgraph: SubgraphTypes, type: SubgraphType, field: FieldNode): boolean {
    if (!type.isAbstract) return true
    return type.members.every((member) => {
      const inner = subgraph.types.get(member)
      const definition = inner?.fields.get(field.name.value)
      return (
        inner &&
        definition &&
        !definition.isExternal &&
        !definition.requires &&
        this.isServed(subgraph, inner, definition)
      )
    })
  }

  /** Is it this subgraph's to resolve, as the labels of progressive overrides stand? */
  isServed(subgraph: SubgraphTypes, type: SubgraphType, field: SubgraphField): boolean {
    const label = field.override?.label
    if (label !== null && label !== undefined && this.#overrides.get(label) !== true) return false
    return !this.#supergraph.subgraphTypes.some((other) => {
      const override = other.types.get(type.name)?.fields.get(field.name)?.override
      return (
        override?.from === subgraph.name && (override.label === null || this.#overrides.get(override.label) === true)
      )
    })
  }

  /** How many fields below can be had without leaving the subgraph. */
  #depth(entry: Entry, field: FieldNode): number {
    return this.#covered(entry.question.subgraph, entry.asked.type, [field])
  }

  #covered(subgraph: SubgraphTypes, type: SubgraphType, selections: readonly SelectionNode[]): number {
    let count = 0
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = subgraph.types.get(selection.typeCondition?.name.value ?? type.name)
        if (on) count += this.#covered(subgraph, on, selection.selectionSet.selections)
      } else if (selection.kind === Kind.FIELD) {
        const definition = type.fields.get(selection.name.value)
        if (!definition || definition.isExternal || definition.requires || !this.isServed(subgraph, type, definition))
          continue
        const below = definition.composite === null ? undefined : subgraph.types.get(definition.composite)
        count +=
          1 + (below && selection.selectionSet ? this.#covered(subgraph, below, selection.selectionSet.selections) : 0)
      }
    }
    return count
  }

  /** Among the subgraphs that can be entered, the one that gives most of the fields; null when none gives any at once. */
  bestSubgraph(place: Place, fields: readonly FieldNode[]): SubgraphTypes | null {
    let best: { readonly subgraph: SubgraphTypes; readonly count: number; readonly depth: number } | null = null
    for (const subgraph of this.reachable(place)) {
      const type = this.typeIn(subgraph, place.type)
      if (type === null) continue
      const given = fields.filter((field) => this.#gives(place, subgraph, type, field))
      if (given.length === 0) continue
      const depth = this.#covered(subgraph, type, given)
      if (best === null || given.length > best.count || (given.length === best.count && depth > best.depth))
        best = { subgraph, count: given.length, depth }
    }
    return best?.subgraph ?? null
  }

  #gives(place: Place, subgraph: SubgraphTypes, type: SubgraphType, field: FieldNode): boolean {
    const definition = type.fields.get(field.name.value)
    if (!definition || definition.isExternal || definition.requires || !this.isServed(subgraph, type, definition))
      return false
    return !this.isAbstract(place.type) || this.isWhole(subgraph, type, field)
  }

  /** The subgraphs in which a place's objects are or can be known, the nearest first. */
  reachable(place: Place): readonly SubgraphTypes[] {
    const all = this.#supergraph.subgraphTypes
    if (this.isRoot(place.type)) return all
    const reached = [...new Set(place.entries().map(({ question }) => question.subgraph))]
    const parents = this.parentSubgraphs(place)
    for (let grew = true; grew;) {
      grew = false
      for (const subgraph of all) {
        if (reached.includes(subgraph)) continue
        if (!parents.has(subgraph) && !this.#hasUsableKey(place, subgraph, reached)) continue
        reached.push(subgraph)
        grew = true
      }
    }
    return reached
  }

  #hasUsableKey(place: Place, subgraph: SubgraphTypes, reached: readonly SubgraphTypes[]): boolean {
    const type = this.typeIn(subgraph, place.type)
    return type?.keys.some((key) => this.isObtainable(place.type, key, reached)) ?? false
  }

  /** Can a field set be had of objects that are known in these subgraphs? */
  isObtainable(typeName: string, selectionSet: SelectionSetNode, reached: readonly SubgraphTypes[]): boolean {
    return selectionSet.selections.every((one) => {
      if (one.kind !== Kind.FIELD) return true
      return reached.some((subgraph) => {
        const type = this.typeIn(subgraph, typeName)
        const definition = type?.fields.get(one.name.value)
        if (
          !type ||
          !definition ||
          definition.isExternal ||
          definition.requires ||
          !this.isServed(subgraph, type, definition)
        )
          return false
        if (type.isAbstract && !this.isWhole(subgraph, type, one)) return false
        return (
          !one.selectionSet ||
          definition.composite === null ||
          this.isObtainable(definition.composite, one.selectionSet, reached)
        )
      })
    })
  }

  /** Subgraphs that resolve the very field that leads here, at the place from where it leads. */
  parentSubgraphs(place: Place): ReadonlySet<SubgraphTypes> {
    const { from } = place
    if (from === null || (this.#kind !== 'query' && this.isRoot(from.place.type) && from.place.path.length === 0))
      return new Set()
    return new Set(
      this.reachable(from.place).filter((subgraph) => {
        const type = this.typeIn(subgraph, from.place.type)
        return type !== null && this.#gives(from.place, subgraph, type, from.field)
      }),
    )
  }

  /** How a subgraph calls objects of a type: by its name, or by an interface that it knows as an object. */
  typeIn(subgraph: SubgraphTypes, name: string): SubgraphType | null {
    const own = subgraph.types.get(name)
    if (own) return own
    for (const type of subgraph.types.values())
      if (type.isInterfaceObject && this.#supergraph.isA(name, type.name)) return type
    return null
  }

  isAbstract(name: string): boolean {
    return this.#supergraph.isAbstract(name)
  }

  isRoot(name: string): boolean {
    return name === this.#supergraph.rootName('query') || name === this.#supergraph.rootName(this.#kind)
  }

  /** The object types that can stand at a place, as far as those who were asked know. */
  objectTypes(place: Place): readonly string[] {
    if (!this.isAbstract(place.type)) return [place.type]
    const known = new Set<string>()
    for (const { asked } of place.entries()) {
      if (asked.type.isInterfaceObject) for (const one of this.#supergraph.membersOf(asked.type.name)) known.add(one)
      else for (const one of asked.type.members) known.add(one)
    }
    return [...known].filter((one) => this.#supergraph.isA(one, place.type))
  }

  isA(typename: string, condition: string): boolean {
    return this.#supergraph.isA(typename, condition)
  }
}
