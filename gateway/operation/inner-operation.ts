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
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type NameNode,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { InnerNames, ownDirectives } from './inner-names.js'
import { isIncluded, type Switches } from './switches.js'
import type { Operation } from './read-operation.js'

/** What the planner is asked: the operation without fragments' names, conditions, repetitions, introspection and aliases of the client. */
export interface InnerOperation {
  /** One document for a query or subscription, one per root field of a mutation, in the client's order; empty when no subgraph is needed. */
  readonly documents: readonly DocumentNode[]
  readonly names: InnerNames
}

/** A selection set with equal fields made one, and fragments by their type. */
interface Gathered {
  readonly type: GraphQLCompositeType
  readonly fields: Map<string, { readonly node: FieldNode; readonly below: SelectionSetNode[] }>
  readonly fragments: Map<string, Gathered>
  readonly spread: Set<string>
  asksTypename: boolean
}

interface Scope {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly switches: Switches
  readonly name: (field: FieldNode) => string
}

/** Unfolds the operation for one combination of its switches. */
export function innerOperation(schema: GraphQLSchema, operation: Operation, switches: Switches): InnerOperation {
  const names = new InnerNames(schema)
  const scope: Scope = { schema, fragments: operation.fragments, switches, name: (field) => names.of(field) }
  const isMutation = operation.kind === 'mutation'
  const rootScope = isMutation ? { ...scope, name: (field: FieldNode) => names.ofMutation(field) } : scope
  const root = gathered(operation.root)
  gather(root, operation.definition.selectionSet, rootScope)
  const selections = written(root, scope)
  if (root.fields.size === 0) return { documents: [], names }
  const documents = isMutation
    ? selections.map((one) => documentOf(operation, [one]))
    : [documentOf(operation, selections)]
  return { documents, names }
}

function gathered(type: GraphQLCompositeType): Gathered {
  return { type, fields: new Map(), fragments: new Map(), spread: new Set(), asksTypename: false }
}

function gather(into: Gathered, selectionSet: SelectionSetNode, scope: Scope): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, scope.switches)) continue
    switch (selection.kind) {
      case Kind.FIELD:
        gatherField(into, selection, scope)
        break
      case Kind.INLINE_FRAGMENT:
        gatherFragment(into, selection.typeCondition, selection.selectionSet, scope)
        break
      case Kind.FRAGMENT_SPREAD: {
        const fragment = scope.fragments.get(selection.name.value)
        if (fragment === undefined || into.spread.has(selection.name.value)) break
        into.spread.add(selection.name.value)
        gatherFragment(into, fragment.typeCondition, fragment.selectionSet, scope)
      }
    }
  }
}

function gatherField(into: Gathered, field: FieldNode, scope: Scope): void {
  const name = field.name.value
  if (name === '__typename') into.asksTypename = true
  if (name.startsWith('__')) return
  const key = scope.name(field)
  let known = into.fields.get(key)
  if (known === undefined) into.fields.set(key, (known = { node: renamed(field, key), below: [] }))
  if (field.selectionSet) known.below.push(field.selectionSet)
}

function gatherFragment(
  into: Gathered,
  condition: NamedTypeNode | undefined,
  selectionSet: SelectionSetNode,
  scope: Scope,
): void {
  const type = condition && typeFromAST(scope.schema, condition)
  if (type === undefined || type === into.type || !isCompositeType(type) || isWithin(scope.schema, into.type, type)) {
    gather(into, selectionSet, scope)
    return
  }
  if (!doTypesOverlap(scope.schema, into.type, type)) return
  let known = into.fragments.get(type.name)
  if (known === undefined) into.fragments.set(type.name, (known = gathered(type)))
  gather(known, selectionSet, scope)
}

/** An object always is what its interface or union is; for abstract types the fragment stays, since subgraphs may differ in their members. */
function isWithin(schema: GraphQLSchema, inner: GraphQLCompositeType, outer: GraphQLCompositeType): boolean {
  return isObjectType(inner) && !isObjectType(outer) && schema.isSubType(outer, inner)
}

function written(from: Gathered, scope: Scope): SelectionNode[] {
  const selections: SelectionNode[] = []
  if (from.asksTypename && !isObjectType(from.type)) selections.push(TYPENAME)
  for (const { node, below } of from.fields.values()) selections.push(writtenField(from.type, node, below, scope))
  for (const [type, fragment] of from.fragments)
    selections.push({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(type) },
      selectionSet: selectionSetOf(written(fragment, scope)),
    })
  return selections
}

function writtenField(
  parent: GraphQLCompositeType,
  node: FieldNode,
  below: readonly SelectionSetNode[],
  scope: Scope,
): SelectionNode {
  if (below.length === 0) return node
  const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined
  const type = field && getNamedType(field.type)
  if (!isCompositeType(type)) return node
  const inner = gathered(type)
  for (const selectionSet of below) gather(inner, selectionSet, scope)
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
