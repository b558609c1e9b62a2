import { Kind, type FieldNode, type SelectionSetNode } from 'graphql'
import type { SubgraphField } from '../supergraph/subgraph-types.js'
import type { Entry } from './place.js'
import type { Asked } from './question.js'

/** Does the subgraph give a foreign field along on this way? */
export function isProvided(entry: Entry, name: string): boolean {
  return entry.provided.some((set) => providedFields(set, entry.asked).some((one) => one.name.value === name))
}

function providedFields(set: SelectionSetNode, asked: Asked): readonly FieldNode[] {
  return set.selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one]
    if (one.kind !== Kind.INLINE_FRAGMENT) return []
    const type = one.typeCondition?.name.value
    return type === undefined || type === asked.type.name ? providedFields(one.selectionSet, asked) : []
  })
}

/** What is given along below a field: by its own `@provides`, or by one further up. */
export function providedBelow(definition: SubgraphField, entry: Entry, field: FieldNode): readonly SelectionSetNode[] {
  const inherited = entry.provided.flatMap((set) =>
    providedFields(set, entry.asked).flatMap((one) =>
      one.name.value === field.name.value && one.selectionSet ? one.selectionSet : [],
    ),
  )
  return definition.provides ? [definition.provides, ...inherited] : inherited
}
