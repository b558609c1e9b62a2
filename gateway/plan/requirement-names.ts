import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { SubgraphType } from '../supergraph/subgraph-types.js'
import type { Requirement } from './plan.js'
import { argumentsKey } from './question.js'

/** The names under which required fields stand in the tree, and what is sent of an object with them. */
export class RequirementNames {
  readonly #innerKeys = new Map<string, string>()
  /** By the name of a field with fields below: the names of those that the operation asks there. */
  readonly #askedBelow = new Map<string, Set<string>>()

  readonly #mayHarm: (fieldName: string) => boolean

  /** `mayHarm`: is there a field of that name that must be there and is in no key? */
  constructor(mayHarm: (fieldName: string) => boolean) {
    this.#mayHarm = mayHarm
  }

  /** Notes what the client asks, wherever it stands. */
  note(selections: readonly SelectionNode[], above: Set<string> | null = null): void {
    for (const one of selections) {
      if (one.kind === Kind.FIELD) above?.add(one.name.value)
      if (one.kind === Kind.FRAGMENT_SPREAD || !one.selectionSet) continue
      let below = above
      if (one.kind === Kind.FIELD) {
        below = this.#askedBelow.get(one.name.value) ?? new Set()
        this.#askedBelow.set(one.name.value, below)
      }
      this.note(one.selectionSet.selections, below)
    }
  }

  /** What is sent of an object: its type, its key, and what the field requires. */
  requirement(placeType: string, type: SubgraphType, sets: readonly SelectionSetNode[]): Requirement {
    const typename: Requirement = { kind: 'field', name: '__typename', as: '__typename', below: null }
    const below = [typename, ...sets.flatMap((set) => this.#requirements(set))]
    const isInterface = type.isInterfaceObject || type.isAbstract
    return { kind: 'on', type: placeType, typename: isInterface ? type.name : null, below }
  }

  #requirements(selectionSet: SelectionSetNode): Requirement[] {
    return selectionSet.selections.flatMap((one): Requirement[] => {
      if (one.kind === Kind.FIELD) {
        const below = one.selectionSet ? this.#requirements(one.selectionSet) : null
        return [{ kind: 'field', name: this.#innerKey(one), as: one.name.value, below }]
      }
      if (one.kind !== Kind.INLINE_FRAGMENT) return []
      const below = this.#requirements(one.selectionSet)
      const type = one.typeCondition?.name.value
      return type === undefined ? below : [{ kind: 'on', type, typename: null, below }]
    })
  }

  /** A required field with arguments stands in the tree under a name of its own. */
  inner(field: FieldNode): FieldNode {
    const key = this.#innerKey(field)
    return key === field.name.value ? field : { ...field, alias: { kind: Kind.NAME, value: key } }
  }

  #innerKey(field: FieldNode): string {
    if (!field.arguments?.length && !this.#isApart(field)) return field.name.value
    const text = `${field.name.value}(${argumentsKey(field)})`
    const known = this.#innerKeys.get(text)
    if (known !== undefined) return known
    const made = `r${this.#innerKeys.size}__${field.name.value}`
    this.#innerKeys.set(text, made)
    return made
  }

  /**
   * What the client asks below may fail and take the object along, which must not touch what is required of it: then it is asked
   * for once more under a name of its own.
   */
  #isApart({ name, selectionSet }: FieldNode): boolean {
    if (!selectionSet) return false
    const asked = this.#askedBelow.get(name.value)
    if (asked === undefined) return false
    const required = new Set(selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? one.name.value : [])))
    return [...asked].some((one) => !required.has(one) && this.#mayHarm(one))
  }

  /** The names in a field set that are not the fields' own. */
  renamedIn(selectionSet: SelectionSetNode): string[] {
    return selectionSet.selections.flatMap((one) => {
      if (one.kind === Kind.FRAGMENT_SPREAD) return []
      const below = one.selectionSet ? this.renamedIn(one.selectionSet) : []
      return one.kind === Kind.FIELD && this.#innerKey(one) !== one.name.value ? [this.#innerKey(one), ...below] : below
    })
  }
}

/** Would one name in a representation have to stand for two fields of the tree? */
export function clash(some: readonly Requirement[], others: readonly Requirement[]): boolean {
  const names = new Map<string, string>()
  noteNames(some, '', names)
  const added = new Map(names)
  noteNames(others, '', added)
  return [...names].some(([place, name]) => added.get(place) !== name)
}

function noteNames(requirements: readonly Requirement[], above: string, names: Map<string, string>): void {
  for (const one of requirements) {
    if (one.kind === 'field') names.set(`${above}.${one.as}`, one.name)
    if (one.below) noteNames(one.below, one.kind === 'field' ? `${above}.${one.as}` : above, names)
  }
}
