import {
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Denied } from '../operation/access.js'
import { spreadAgain, type Deferral, type Deferrals } from '../operation/deferrals.js'
import type { InnerNames } from '../operation/inner-names.js'
import { isIncluded, type Switches } from '../operation/switches.js'
import type { Sharing } from './collect-parts.js'

/** How an operation's answer is told in parts. */
export interface PartedForm {
  readonly deferrals: Deferrals
  readonly sharing: Sharing
}

/** What all shapes of one operation share. */
export interface ShapeSource {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
  readonly names: InnerNames
  readonly isMutation: boolean
  readonly denied: Denied | null
  /** Null when everything is told at once. */
  readonly parted: PartedForm | null
}

/** A field where the client asked for it, and the type by which he did. */
export interface Asked {
  readonly node: FieldNode
  readonly through: GraphQLCompositeType
  /** The deferral that it stands in. */
  readonly within: Deferral | null
}

/** A selection set, and the type by which the client asks in it. */
export interface AskedSet {
  readonly selectionSet: SelectionSetNode
  readonly through: GraphQLCompositeType
  readonly within: Deferral | null
}

/** What is asked below a field: an implementation's own field may lead to a narrower type than the one that was asked by. */
export function belowOf({ node, through, within }: Asked): readonly AskedSet[] {
  const field = fieldNamed(through, node.name.value)
  const type = field && getNamedType(field.type)
  return node.selectionSet && isCompositeType(type) ? [{ selectionSet: node.selectionSet, through: type, within }] : []
}

/** The fields of objects of one type while they are being collected. */
export interface Collection {
  readonly into: Map<string, Asked[]>
  readonly type: GraphQLCompositeType
  readonly spread: Set<string>
  readonly source: ShapeSource
  readonly place: string
  readonly begun: Set<Deferral>
}

/** GraphQL, "Field Collection". */
export function collectFields(collection: Collection, { selectionSet, through, within }: AskedSet): void {
  const { into, type, spread, source } = collection
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, source.switches)) continue
    if (selection.kind === Kind.FIELD) {
      const response = (selection.alias ?? selection.name).value
      const asked = { node: selection, through, within }
      const known = into.get(response)
      if (known === undefined) into.set(response, [asked])
      else known.push(asked)
      continue
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value)
    const condition = fragment?.typeCondition?.name.value
    const stands = fragment !== undefined && applies(condition, type, source.schema)
    const deferral = stands ? begunBy(selection, within, collection) : within
    const around = { within: deferral, around: within }
    if (selection.kind === Kind.FRAGMENT_SPREAD && spreadAgain(spread, selection.name.value, around)) continue
    if (!stands) continue
    const inner = condition === undefined ? through : source.schema.getType(condition)
    collectFields(collection, {
      selectionSet: fragment.selectionSet,
      through: isCompositeType(inner) ? inner : through,
      within: deferral,
    })
  }
}

function begunBy(
  fragment: SelectionNode,
  within: Deferral | null,
  { source, place, begun }: Collection,
): Deferral | null {
  const deferral = source.parted?.deferrals.of(fragment, within, place) ?? within
  if (deferral !== null && deferral !== within) begun.add(deferral)
  return deferral
}

/** Does a selection set speak alike of all objects of a type? */
export function isSameForAll(selectionSet: SelectionSetNode, type: GraphQLCompositeType, source: ShapeSource): boolean {
  return selectionSet.selections.every((selection) => {
    if (selection.kind === Kind.FIELD || !isIncluded(selection, source.switches)) return true
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value)
    if (fragment === undefined) return true
    return (
      applies(fragment.typeCondition?.name.value, type, source.schema) &&
      isSameForAll(fragment.selectionSet, type, source)
    )
  })
}

function applies(condition: string | undefined, type: GraphQLCompositeType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true
  const wanted = schema.getType(condition)
  return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
}

/** A field of a type, those of introspection included. */
export function fieldNamed(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return META_FIELDS.get(name) ?? ('getFields' in parent ? parent.getFields()[name] : undefined)
}

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
)
