import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { SubgraphField, SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import type { Atlas } from './atlas.js'
import { isHarmless } from './mandatory.js'
import type { PartView } from './part-view.js'
import type { Entry, Place } from './place.js'
import type { Overrides } from './planner.js'
import { isProvided } from './provided.js'

/** The subgraphs in which a place's objects can be known, as it was for a part when there were so many ways. */
interface Reachable {
  readonly version: number
  readonly part: number
  readonly subgraphs: readonly SubgraphTypes[]
}

/** Where fields can be had: what the subgraphs resolve, and which of them can be entered from a place. It changes nothing. */
export class Knowledge {
  readonly #atlas: Atlas
  readonly #supergraph: Supergraph
  readonly #overrides: Overrides
  readonly #kind: 'query' | 'mutation' | 'subscription'

  readonly #view: PartView
  readonly #reachable = new WeakMap<Place, Reachable>()

  constructor(atlas: Atlas, overrides: Overrides, kind: 'query' | 'mutation' | 'subscription', view: PartView) {
    this.#view = view
    this.#atlas = atlas
    this.#supergraph = atlas.supergraph
    this.#overrides = overrides
    this.#kind = kind
  }

  localEntry(place: Place, field: FieldNode): Entry | undefined {
    return this.#deepest(
      place.entries().filter((entry) => this.canTake(place, entry, field)),
      field,
    )
  }

  /** When there is no other: one in which the field may take along objects that nobody asked it of. */
  harmfulEntry(place: Place, field: FieldNode): Entry | undefined {
    return this.#deepest(
      place.entries().filter((entry) => this.#couldTake(place, entry, field)),
      field,
    )
  }

  #deepest(able: readonly Entry[], field: FieldNode): Entry | undefined {
    if (able.length < 2) return able[0]
    return able.reduce((best, entry) => (this.#depth(entry, field) > this.#depth(best, field) ? entry : best))
  }

  canTake(place: Place, entry: Entry, field: FieldNode): boolean {
    return this.#couldTake(place, entry, field) && isHarmless(place, field, entry)
  }

  #couldTake(place: Place, entry: Entry, field: FieldNode): boolean {
    const { asked, question } = entry
    const definition = asked.type.fields.get(field.name.value)
    if (definition === undefined || !this.#view.mayAsk(question)) return false
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
    return !this.#atlas
      .takenOver(type.name, field.name)
      .some(({ from, label }) => from === subgraph.name && (label === null || this.#overrides.get(label) === true))
  }

  /** Is more of what the field leads to had from a subgraph that has to be entered for others anyway? */
  isBetterElsewhere(place: Place, field: FieldNode, entry: Entry, away: readonly FieldNode[]): boolean {
    if (field.selectionSet === undefined || away.length === 0) return false
    const here = this.#depth(entry, field)
    return this.reachable(place).some((subgraph) => {
      const type = this.typeIn(subgraph, place.type)
      if (type === null || !this.#gives(place, subgraph, type, field)) return false
      if (this.#covered(subgraph, type, [field]) <= here) return false
      return away.some((one) => this.#gives(place, subgraph, type, one))
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
    if (this.isRoot(place.type)) return this.#atlas.knowing(place.type)
    const { version } = place
    const known = this.#reachable.get(place)
    const part = this.#view.now
    if (known?.version === version && known.part === part) return known.subgraphs
    const subgraphs = this.#findReachable(place)
    this.#reachable.set(place, { version, part, subgraphs })
    return subgraphs
  }

  #findReachable(place: Place): readonly SubgraphTypes[] {
    const reached = new Set(place.entries().map(({ question }) => question.subgraph))
    const waiting = this.#atlas.knowing(place.type).filter((subgraph) => !reached.has(subgraph))
    const parents = waiting.length > 0 ? this.parentSubgraphs(place) : reached
    for (let grew = true; grew;) {
      grew = false
      for (const subgraph of waiting) {
        if (reached.has(subgraph)) continue
        if (!parents.has(subgraph) && !this.#hasUsableKey(place, subgraph, reached)) continue
        reached.add(subgraph)
        grew = true
      }
    }
    return [...reached]
  }

  #hasUsableKey(place: Place, subgraph: SubgraphTypes, reached: Iterable<SubgraphTypes>): boolean {
    const type = this.typeIn(subgraph, place.type)
    return type?.keys.some((key) => this.isObtainable(place.type, key, reached)) ?? false
  }

  /** Can a field set be had of objects that are known in these subgraphs? */
  isObtainable(typeName: string, selectionSet: SelectionSetNode, reached: Iterable<SubgraphTypes>): boolean {
    return selectionSet.selections.every((one) => {
      if (one.kind !== Kind.FIELD) return true
      for (const subgraph of reached) if (this.#isObtainableIn(subgraph, typeName, one, reached)) return true
      return false
    })
  }

  #isObtainableIn(
    subgraph: SubgraphTypes,
    typeName: string,
    field: FieldNode,
    reached: Iterable<SubgraphTypes>,
  ): boolean {
    const type = this.typeIn(subgraph, typeName)
    const definition = type?.fields.get(field.name.value)
    if (!type || !definition || definition.isExternal || definition.requires) return false
    if (!this.isServed(subgraph, type, definition)) return false
    if (type.isAbstract && !this.isWhole(subgraph, type, field)) return false
    if (!field.selectionSet || definition.composite === null) return true
    return this.isObtainable(definition.composite, field.selectionSet, reached)
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
    return this.#atlas.typeIn(subgraph, name)
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
