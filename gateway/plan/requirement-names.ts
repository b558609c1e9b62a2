import { Kind, type FieldNode, type SelectionSetNode } from 'graphql'
import type { SubgraphType } from '../supergraph/subgraph-types.js'
import type { Requirement } from './plan.js'
import { argumentsKey } from './question.js'

/** The names under which required fields stand in the tree, and what is sent of an object with them. */
export class RequirementNames {
  readonly #innerKeys = new Map<string, string>()

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
    if (!field.arguments?.length) return field.name.value
    const text = `${field.name.value}(${argumentsKey(field)})`
    const known = this.#innerKeys.get(text)
    if (known !== undefined) return known
    const made = `r${this.#innerKeys.size}__${field.name.value}`
    this.#innerKeys.set(text, made)
    return made
  }

  /** The names in a field set that are not the fields' own. */
  renamedIn(selectionSet: SelectionSetNode): string[] {
    return selectionSet.selections.flatMap((one) => {
      if (one.kind === Kind.FRAGMENT_SPREAD) return []
      const below = one.selectionSet ? this.renamedIn(one.selectionSet) : []
      return one.kind === Kind.FIELD && one.arguments?.length ? [this.#innerKey(one), ...below] : below
    })
  }
}
