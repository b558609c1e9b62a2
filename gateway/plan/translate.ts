import type {
  FetchDataKeyRenamer,
  FetchDataRewrite,
  FetchNode as ApolloFetch,
  PlanNode as ApolloNode,
  QueryPlan,
  QueryPlanSelectionNode,
  ResponsePath,
} from '@apollo/query-planner'
import { Kind, parse, type SelectionSetNode } from 'graphql'
import type { Brought, ContextInput, FetchNode, PathStep, Plan, PlanNode, Rename, Requirement } from './plan.js'

/** Apollo's plan → ours. */
export function translated(plan: QueryPlan): Plan {
  const { node } = plan
  if (node === undefined) return { root: null, primary: null }
  if (node.kind !== 'Subscription') return { root: nodeOf(node, []), primary: null }
  return { root: node.rest ? nodeOf(node.rest, []) : null, primary: fetchOf(node.primary, []) }
}

function nodeOf(node: ApolloNode, path: readonly PathStep[]): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((one) => nodeOf(one, path)) }
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((one) => nodeOf(one, path)) }
    case 'Flatten':
      return nodeOf(node.node, [...path, ...stepsOf(node.path)])
    case 'Fetch':
      return fetchOf(node, path)
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        then: node.ifClause ? nodeOf(node.ifClause, path) : null,
        otherwise: node.elseClause ? nodeOf(node.elseClause, path) : null,
      }
    case 'Defer':
      throw new Error('the planner deferred what was not asked to be deferred')
  }
}

function fetchOf(fetch: ApolloFetch, path: readonly PathStep[]): FetchNode {
  const contexts = (fetch.contextRewrites ?? []).map(contextOf)
  return {
    kind: 'fetch',
    subgraph: fetch.serviceName,
    operationKind: fetch.operationKind,
    operationName: fetch.operationName ?? null,
    query: fetch.operation,
    variables: (fetch.variableUsages ?? []).filter((name) => !contexts.some((context) => context.variable === name)),
    path,
    requires: fetch.requires ? requirementsOf(fetch.requires, fetch.inputRewrites ?? []) : null,
    brings: broughtBy(fetch),
    renames: (fetch.outputRewrites ?? []).map(renameOf),
    contexts,
    pieces: null,
  }
}

/** A path of field names and `@`; typed paths have the types in brackets behind a bar: `@|[A,B]`, `media|[Book]`. */
function stepsOf(path: ResponsePath): readonly PathStep[] {
  return path.flatMap((element) => {
    const [name = '', types] = String(element).split('|')
    const steps: PathStep[] = []
    if (name === '@') steps.push({ kind: 'each' })
    else if (name !== '') steps.push({ kind: 'field', name })
    if (types !== undefined) steps.push({ kind: 'only', types: types.slice(1, -1).split(',') })
    return steps
  })
}

function requirementsOf(
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
): readonly Requirement[] {
  return selections.map((selection) => {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name
      const below = selection.selections ? requirementsOf(selection.selections, []) : null
      return { kind: 'field', name, as: name, below }
    }
    const type = selection.typeCondition ?? ''
    return {
      kind: 'on',
      type,
      typename: typenameFor(type, rewrites),
      below: requirementsOf(selection.selections, rewrites),
    }
  })
}

/** The planner's only rewrite of inputs: an entity is sent as the interface object that stands for it. */
function typenameFor(type: string, rewrites: readonly FetchDataRewrite[]): string | null {
  for (const rewrite of rewrites)
    if (rewrite.kind === 'ValueSetter' && rewrite.path[0] === `... on ${type}`) return String(rewrite.setValueTo)
  return null
}

function renameOf(rewrite: FetchDataRewrite): Rename {
  if (rewrite.kind !== 'KeyRenamer') throw new Error('the planner sets a value in an answer')
  const path = rewrite.path.slice(0, -1).map(stepOf)
  return { path, from: rewrite.path.at(-1) ?? '', to: rewrite.renameKeyTo }
}

function contextOf(rewrite: FetchDataKeyRenamer): ContextInput {
  const up = rewrite.path.filter((element) => element === '..').length
  return { variable: rewrite.renameKeyTo, up, path: rewrite.path.slice(up).map(stepOf) }
}

const ON = '... on '

function stepOf(element: string): PathStep {
  return element.startsWith(ON) ? { kind: 'only', types: [element.slice(ON.length)] } : { kind: 'field', name: element }
}

/** The keys of the fetch's own selection, so that a failed fetch is told on each field that it leaves without a value. */
function broughtBy(fetch: ApolloFetch): readonly Brought[] {
  const [operation] = parse(fetch.operation, { noLocation: true }).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a fetch has one operation')
  if (!fetch.requires) return keysOf(operation.selectionSet, null)
  const [entities] = operation.selectionSet.selections
  return entities?.kind === Kind.FIELD && entities.selectionSet ? keysOf(entities.selectionSet, null) : []
}

function keysOf(selectionSet: SelectionSetNode, type: string | null): readonly Brought[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      const below = selection.selectionSet ? keysOf(selection.selectionSet, null) : []
      return [{ type, key: (selection.alias ?? selection.name).value, below }]
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    return keysOf(selection.selectionSet, selection.typeCondition?.name.value ?? type)
  })
}
