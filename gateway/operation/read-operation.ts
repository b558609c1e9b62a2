import {
  Kind,
  visit,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { expandedSize } from './expanded-size.js'
import type { ReadDocument } from './read-document.js'
import { requestError } from './request-errors.js'

/** The one operation of a document that is to run. Whatever depends on it alone is found once. */
export interface Operation {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly name: string | null
  readonly definition: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly root: GraphQLObjectType
  /** The variables that `@skip`, `@include` and `@defer` depend on: for each combination of their values there is a plan. */
  readonly switches: readonly string[]
  /** Whether `@defer` stands anywhere in it. */
  readonly defers: boolean
}

/** Chooses the operation by its name; refuses one that unfolds to more than `mostSelections` selections. */
export function readOperation(
  schema: GraphQLSchema,
  document: ReadDocument,
  name: string | null,
  mostSelections: number,
): Operation {
  const definition = chosen(document.operations, name)
  const root = schema.getRootType(definition.operation)
  if (!root)
    throw requestError(
      'GRAPHQL_VALIDATION_FAILED',
      `Schema is not configured to execute ${definition.operation} operation.`,
    )
  if (expandedSize(definition.selectionSet, document.fragments, mostSelections) > mostSelections)
    throw requestError('LIMIT_EXCEEDED', `The operation unfolds to more than ${mostSelections} selections.`)
  const { switches, defers } = directivesOf(definition, document.fragments)
  return {
    kind: definition.operation,
    name: definition.name?.value ?? null,
    definition,
    fragments: document.fragments,
    root,
    switches: [...switches],
    defers,
  }
}

function chosen(operations: readonly OperationDefinitionNode[], name: string | null): OperationDefinitionNode {
  const [first, second] = operations
  if (name !== null && name !== '') {
    const found = operations.find((one) => one.name?.value === name)
    if (found === undefined) throw requestError('OPERATION_RESOLUTION_FAILURE', `Unknown operation named "${name}".`)
    return found
  }
  if (first === undefined) throw requestError('OPERATION_RESOLUTION_FAILURE', 'Must provide an operation.')
  if (second !== undefined)
    throw requestError(
      'OPERATION_RESOLUTION_FAILURE',
      'Must provide operation name if query contains multiple operations.',
    )
  return first
}

const SWITCHING = new Set(['skip', 'include', 'defer'])

function directivesOf(
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): { readonly switches: ReadonlySet<string>; readonly defers: boolean } {
  const switches = new Set<string>()
  let defers = false
  const reached = new Set<string>()
  const waiting: SelectionSetNode[] = [definition.selectionSet]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    visit(next, {
      Directive(node) {
        if (!SWITCHING.has(node.name.value)) return
        defers ||= node.name.value === 'defer'
        for (const { name, value } of node.arguments ?? [])
          if (name.value === 'if' && value.kind === Kind.VARIABLE) switches.add(value.name.value)
      },
      FragmentSpread(node) {
        const fragment = fragments.get(node.name.value)
        if (fragment === undefined || reached.has(node.name.value)) return
        reached.add(node.name.value)
        waiting.push(fragment.selectionSet)
      },
    })
  }
  return { switches, defers }
}
