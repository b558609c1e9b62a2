import { Kind, print, type FieldNode, type SelectionNode } from 'graphql'
import type { SubgraphField, SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Entry, Place } from './place.js'
import { responseKey, type Asked, type AskedField } from './question.js'

/**
 * GraphQL, "Handling Execution Errors": a field that must be there and fails takes its object along. One selection set can be
 * about objects of which different things are wanted: an interface object stands for all types, and a question for all places
 * with its path. So such a field, and one with such a field below it, is asked only where all want it.
 */
export function isHarmless(place: Place, field: FieldNode, { asked, question }: Entry): boolean {
  if (asked.about.size === 0 || (asked.about.size === 1 && asked.about.has(place))) return true
  const definition = asked.type.fields.get(field.name.value)
  if (definition === undefined || isInKey(asked.type, field.name.value)) return true
  const there = asked.fields.get(responseKey(field))
  if (there !== undefined && (there.below === null || isOwn(place, there))) return true
  const selections = field.selectionSet?.selections ?? []
  const isRisky =
    isMandatory(definition) ||
    selectsMandatory(question.subgraph, definition, selections) ||
    (there !== undefined && hasMandatory(there))
  return !isRisky || everyoneWants(asked, place, field)
}

/** May a place's objects be asked for what is asked already? */
export function mayJoin(place: Place, asked: Asked): boolean {
  if (asked.about.has(place)) return true
  return [...asked.fields.values()].every((field) => {
    const { key, name, definition } = field
    if (isInKey(asked.type, name)) return true
    const wanted = place.wanted(key)
    // What nobody wants here may fail, unless it takes along what is wanted; what is wanted must not fail for another's sake.
    if (wanted === undefined) return !isMandatory(definition)
    return !hasMandatory(field) || everyoneWants(asked, place, wanted)
  })
}

function everyoneWants(asked: Asked, place: Place, field: FieldNode): boolean {
  for (const one of asked.about) if (one !== place && !isAlike(one.wanted(responseKey(field)), field)) return false
  return true
}

function isAlike(one: FieldNode | undefined, other: FieldNode): boolean {
  if (one === undefined || one === other || !one.selectionSet || !other.selectionSet) return one !== undefined
  return print(one.selectionSet) === print(other.selectionSet)
}

function isOwn(place: Place, { key, below }: AskedField): boolean {
  const inner = place.found.get(key)?.place
  return inner !== null && inner !== undefined && below?.about.has(inner) === true
}

/** Does it take its object along when it fails? */
export function isMandatory({ type }: Pick<SubgraphField, 'type'>): boolean {
  return type.endsWith('!')
}

/** An object without its key is none that anything else could be had of. */
export function isInKey({ keys }: SubgraphType, name: string): boolean {
  return keys.some((key) => key.selections.some((one) => one.kind === Kind.FIELD && one.name.value === name))
}

/** Is anything asked below a field that must be there? */
function hasMandatory({ below }: AskedField): boolean {
  if (below === null) return false
  if (below.fragments.size > 0) return true // told apart by type: it is not looked through
  return [...below.fields.values()].some((inner) => isMandatory(inner.definition) || hasMandatory(inner))
}

function selectsMandatory(
  subgraph: SubgraphTypes,
  { composite }: SubgraphField,
  selections: readonly SelectionNode[],
): boolean {
  const type = composite === null ? undefined : subgraph.types.get(composite)
  return selections.some((one) => {
    if (one.kind !== Kind.FIELD) return true // told apart by type: it is not looked through
    const definition = type?.fields.get(one.name.value)
    if (definition === undefined) return false
    return isMandatory(definition) || selectsMandatory(subgraph, definition, one.selectionSet?.selections ?? [])
  })
}
