import {
  Kind,
  OperationTypeNode,
  isCompositeType,
  isObjectType,
  doTypesOverlap,
  getNamedType,
  typeFromAST,
  visit,
  type DocumentNode,
  type FieldNode,
  type InlineFragmentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type NameNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Denied } from './access.js'
import { outermost, spreadAgain, type Deferral, type Deferrals } from './deferrals.js'
import { InnerNames, ownDirectives } from './inner-names.js'
import { isIncluded, type Switches } from './switches.js'
import type { Operation } from './read-operation.js'

/** What the planner is asked: the operation without fragments' names, conditions, repetitions, introspection and aliases of the client. */
export interface InnerOperation {
  /** One document for a query or subscription, one per root field of a mutation, in the client's order; empty when no subgraph is needed. */
  readonly documents: readonly DocumentNode[]
  readonly names: InnerNames
  /** Which deferrals a field of the documents is for; those of the first part are not among them. */
  readonly parts: ReadonlyMap<SelectionNode, ReadonlySet<Deferral>>
}

/** A selection set, and the deferral that it stands in. */
interface Selected {
  readonly selectionSet: SelectionSetNode
  readonly within: Deferral | null
}

/** A field wherever it stood. */
interface GatheredField {
  readonly node: FieldNode
  readonly below: Selected[]
  readonly within: Set<Deferral | null>
}

/** A selection set with equal fields made one, and fragments by their type. */
interface Gathered {
  readonly type: GraphQLCompositeType
  /** The names of the fields that lead here. */
  readonly place: string
  readonly fields: Map<string, GatheredField>
  readonly fragments: Map<string, Gathered>
  readonly spread: Set<string>
  asksTypename: boolean
}

interface Scope {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
  readonly name: (field: FieldNode) => string
  readonly denied: Denied | null
  /** Null when nothing is told later. */
  readonly deferrals: Deferrals | null
  readonly parts: Map<SelectionNode, ReadonlySet<Deferral>>
}

/** Unfolds the operation for one combination of its switches, without what its asker may not see. */
export function innerOperation(
  schema: GraphQLSchema,
  operation: Operation,
  switches: Switches,
  denied: Denied | null = null,
  deferrals: Deferrals | null = null,
): InnerOperation {
  const names = new InnerNames(schema)
  const parts = new Map<SelectionNode, ReadonlySet<Deferral>>()
  const name = (field: FieldNode): string => names.of(field)
  const scope: Scope = { schema, fragments: operation.fragments, switches, name, denied, deferrals, parts }
  const isMutation = operation.kind === 'mutation'
  const rootScope = isMutation ? { ...scope, name: (field: FieldNode) => names.ofMutation(field) } : scope
  const root = gathered(operation.root, '')
  gather(root, operation.root, { selectionSet: operation.definition.selectionSet, within: null }, rootScope)
  const selections = written(root, scope)
  if (root.fields.size === 0) return { documents: [], names, parts }
  const documents = isMutation
    ? selections.map((one) => documentOf(operation, [one]))
    : [documentOf(operation, selections)]
  return { documents, names, parts }
}

function gathered(type: GraphQLCompositeType, place: string): Gathered {
  return { type, place, fields: new Map(), fragments: new Map(), spread: new Set(), asksTypename: false }
}

/** `through` is the type that the client asks by: to see a field through an interface needs what the interface needs. */
function gather(into: Gathered, through: GraphQLCompositeType, { selectionSet, within }: Selected, scope: Scope): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, scope.switches)) continue
    if (selection.kind === Kind.FIELD) {
      if (scope.denied?.field(through.name, selection.name.value) !== true) gatherField(into, selection, within, scope)
      continue
    }
    const inner = scope.deferrals === null ? within : scope.deferrals.of(selection, within, into.place)
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value)
    if (fragment === undefined) continue
    const around = { within: inner, around: within }
    if (selection.kind === Kind.FRAGMENT_SPREAD && spreadAgain(into.spread, selection.name.value, around)) continue
    gatherFragment(into, through, { ...fragment, within: inner }, scope)
  }
}

function gatherField(into: Gathered, field: FieldNode, within: Deferral | null, scope: Scope): void {
  const name = field.name.value
  if (name === '__typename') into.asksTypename = true
  if (name.startsWith('__')) return
  const key = scope.name(field)
  let known = into.fields.get(key)
  if (known === undefined)
    into.fields.set(key, (known = { node: renamed(field, key), below: [], within: new Set<Deferral | null>() }))
  known.within.add(within)
  if (field.selectionSet) known.below.push({ selectionSet: field.selectionSet, within })
}

function gatherFragment(
  into: Gathered,
  through: GraphQLCompositeType,
  fragment: Pick<InlineFragmentNode, 'typeCondition'> & Selected,
  scope: Scope,
): void {
  const type = fragment.typeCondition && typeFromAST(scope.schema, fragment.typeCondition)
  if (type === undefined || !isCompositeType(type)) {
    gather(into, through, fragment, scope)
    return
  }
  if (type === into.type || isWithin(scope.schema, into.type, type)) {
    gather(into, type, fragment, scope)
    return
  }
  if (!doTypesOverlap(scope.schema, into.type, type)) return
  let known = into.fragments.get(type.name)
  if (known === undefined) into.fragments.set(type.name, (known = gathered(type, into.place)))
  gather(known, type, fragment, scope)
}

/** An object always is what its interface or union is; for abstract types the fragment stays, since subgraphs may differ in their members. */
function isWithin(schema: GraphQLSchema, inner: GraphQLCompositeType, outer: GraphQLCompositeType): boolean {
  return isObjectType(inner) && !isObjectType(outer) && schema.isSubType(outer, inner)
}

function written(from: Gathered, scope: Scope): SelectionNode[] {
  const selections: SelectionNode[] = []
  if (from.asksTypename && !isObjectType(from.type)) selections.push(TYPENAME)
  for (const field of from.fields.values()) {
    const selection = writtenField(from, field, scope)
    const part = outermost(field.within)
    if (part.size > 0) scope.parts.set(selection, part)
    selections.push(selection)
  }
  for (const [type, fragment] of from.fragments)
    selections.push({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(type) },
      selectionSet: selectionSetOf(written(fragment, scope)),
    })
  return selections
}

function writtenField(from: Gathered, { node, below }: GatheredField, scope: Scope): SelectionNode {
  if (below.length === 0) return node
  const field = 'getFields' in from.type ? from.type.getFields()[node.name.value] : undefined
  const type = field && getNamedType(field.type)
  if (!isCompositeType(type)) return node
  const inner = gathered(type, `${from.place}.${(node.alias ?? node.name).value}`)
  for (const selected of below) gather(inner, type, selected, scope)
  return { ...node, selectionSet: selectionSetOf(written(inner, scope)) }
}

/** A selection from which nothing is left still must tell whether its object is there. */
function selectionSetOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] }
}

function renamed(field: FieldNode, key: string): FieldNode {
  return {
    kind: Kind.FIELD,
    name: field.name,
    ...(key !== field.name.value && { alias: nameNode(key) }),
    arguments: field.arguments ?? [],
    directives: ownDirectives(field),
  }
}

function documentOf(operation: Operation, selections: readonly SelectionNode[]): DocumentNode {
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections }
  const used = new Set<string>()
  visit(selectionSet, { Variable: ({ name }) => void used.add(name.value) })
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: KIND_NODES[operation.kind],
        ...(operation.definition.name && { name: operation.definition.name }),
        variableDefinitions:
          operation.definition.variableDefinitions?.filter((one) => used.has(one.variable.name.value)) ?? [],
        selectionSet,
      },
    ],
  }
}

const KIND_NODES = {
  query: OperationTypeNode.QUERY,
  mutation: OperationTypeNode.MUTATION,
  subscription: OperationTypeNode.SUBSCRIPTION,
} as const

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value }
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: nameNode('__typename'), arguments: [], directives: [] }
