import {
  baseType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type FieldDefinition,
  type CompositeType,
  type InterfaceType,
  type ObjectType,
  type Subgraph,
  type Supergraph as FederatedSupergraph,
} from '@apollo/federation-internals'
import { Kind, type SelectionSetNode } from 'graphql'
import { readFieldSet } from './joins.js'

/** What one subgraph knows and can resolve. */
export interface SubgraphTypes {
  readonly name: string
  readonly types: ReadonlyMap<string, SubgraphType>
}

/** An object, interface or union of a subgraph. */
export interface SubgraphType {
  readonly name: string
  readonly isAbstract: boolean
  readonly isInterfaceObject: boolean
  readonly fields: ReadonlyMap<string, SubgraphField>
  /** The keys by which its objects can be entered here. */
  readonly keys: readonly SelectionSetNode[]
  /** The object types that it can be here: itself, or its members. */
  readonly members: readonly string[]
}

/** A field as one subgraph defines it. */
export interface SubgraphField {
  readonly name: string
  /** The type as it is written, with its lists and exclamation marks. */
  readonly type: string
  /** The type's name when it has fields of its own, else null. */
  readonly composite: string | null
  /** Known here, but resolved elsewhere. */
  readonly isExternal: boolean
  readonly requires: SelectionSetNode | null
  readonly provides: SelectionSetNode | null
  /** Taken over from another subgraph, under a label: it is this subgraph's when the label holds. */
  readonly override: { readonly from: string; readonly label: string | null } | null
  /** Some argument is filled from a context. */
  readonly fromContext: boolean
}

/** What every subgraph of a supergraph knows. */
export function readSubgraphTypes(federated: FederatedSupergraph): readonly SubgraphTypes[] {
  return [...federated.subgraphs()].map((subgraph) => ({ name: subgraph.name, types: typesOf(subgraph) }))
}

function typesOf(subgraph: Subgraph): ReadonlyMap<string, SubgraphType> {
  const types = new Map<string, SubgraphType>()
  for (const type of subgraph.schema.types())
    if (isCompositeType(type) && type.name !== '_Entity' && type.name !== '_Service')
      types.set(type.name, typeOf(subgraph, type))
  return types
}

function typeOf(subgraph: Subgraph, type: CompositeType): SubgraphType {
  const metadata = subgraph.metadata()
  const keys = isUnionType(type) ? [] : type.appliedDirectivesOf(metadata.keyDirective())
  const inKeys = new Set(keys.flatMap((key) => topNames(readFieldSet(fieldSet(key.arguments().fields)))))
  return {
    name: type.name,
    isAbstract: !isObjectType(type),
    isInterfaceObject: metadata.isInterfaceObjectType(type),
    fields: isUnionType(type) ? new Map() : fieldsOf(subgraph, type, inKeys),
    keys: keys
      .filter((key) => key.arguments().resolvable !== false)
      .map((key) => readFieldSet(fieldSet(key.arguments().fields))),
    members: isUnionType(type)
      ? type.types().map(({ name }) => name)
      : isInterfaceType(type)
        ? type.possibleRuntimeTypes().map(({ name }) => name)
        : [type.name],
  }
}

function fieldsOf(
  subgraph: Subgraph,
  type: ObjectType | InterfaceType,
  inKeys: ReadonlySet<string>,
): ReadonlyMap<string, SubgraphField> {
  const fields = new Map<string, SubgraphField>()
  for (const field of type.fields())
    if (field.name !== '_entities' && field.name !== '_service')
      fields.set(field.name, fieldOf(subgraph, field, inKeys))
  return fields
}

function fieldOf(
  subgraph: Subgraph,
  field: FieldDefinition<ObjectType | InterfaceType>,
  inKeys: ReadonlySet<string>,
): SubgraphField {
  const metadata = subgraph.metadata()
  const [requires] = field.appliedDirectivesOf(metadata.requiresDirective())
  const [provides] = field.appliedDirectivesOf(metadata.providesDirective())
  const [override] = field.appliedDirectivesOf(metadata.overrideDirective())
  const inner = field.type && baseType(field.type)
  return {
    name: field.name,
    type: String(field.type),
    composite: inner && isCompositeType(inner) ? inner.name : null,
    // A subgraph always knows the keys of what it returns, whatever an older form of its schema says.
    isExternal: metadata.isFieldExternal(field) && !inKeys.has(field.name),
    requires: requires ? readFieldSet(fieldSet(requires.arguments().fields)) : null,
    provides: provides ? readFieldSet(fieldSet(provides.arguments().fields)) : null,
    override: override ? { from: override.arguments().from, label: override.arguments().label ?? null } : null,
    fromContext: field
      .arguments()
      .some((one) => one.appliedDirectives.some(({ name }) => name.endsWith('fromContext'))),
  }
}

function topNames(selectionSet: SelectionSetNode): readonly string[] {
  return selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? one.name.value : []))
}

function fieldSet(value: unknown): string {
  return String(value)
}
