import type { FetchContext, SubgraphAnswer, SubgraphRequest } from '../fetch/ask-subgraph.js'
import { copied } from '../merge/merge-answer.js'
import { explainUnasked } from '../merge/note-errors.js'
import { readAnswer } from '../merge/read-answer.js'
import type { Representations } from '../merge/representations.js'
import { targetsAt, targetsWithSurroundings } from '../merge/targets.js'
import type { Thing } from '../merge/tree.js'
import type { Variables } from '../operation/read-variables.js'
import type { FetchNode } from '../plan/plan.js'
import { ask, variablesFor, writerOf } from './ask.js'
import { byContext } from './context-values.js'
import { EntityRequest } from './entity-request.js'
import type { Execution } from './execution.js'
import { fail, malformed, takeEntities, takeRoot } from './take-answer.js'

/** objects at the path -> representations -> the subgraph -> decoded -> merged into the tree. Nothing is asked when there is nothing to ask for. */
export function runFetch(fetch: FetchNode, execution: Execution): Promise<void> | undefined {
  const { tree, surroundings } = execution
  if (fetch.contexts.length > 0) return runWithContexts(fetch, execution)
  const targets = targetsAt(tree.root, fetch.path, surroundings.supergraph.isA)
  return fetchFor(fetch, targets, null, execution)
}

/** The upstream's question of a subscription. */
export function upstreamOf(primary: FetchNode, variables: Variables, context: FetchContext): SubgraphRequest {
  return requestOf(primary, null, null, { variables, context })
}

/** An event of the upstream, taken as the answer to its question. */
export function absorbEvent(primary: FetchNode, event: SubgraphAnswer, execution: Execution): void {
  const targets = [execution.tree.root]
  const answer = readAnswer(event, execution.surroundings.telling)
  if (answer === null) fail(primary, [targets], malformed(primary, execution), execution)
  // One event is rendered for many groups, and each goes on filling its own tree.
  else takeRoot(primary, targets, { ...answer, data: copied(answer.data) }, execution)
}

/** Objects with the same values around them are asked for together. */
function runWithContexts(fetch: FetchNode, execution: Execution): Promise<void> | undefined {
  const { isA } = execution.surroundings.supergraph
  const groups = byContext(fetch, targetsWithSurroundings(execution.tree.root, fetch.path, isA), isA)
  const running = groups.flatMap(({ values, targets }) => fetchFor(fetch, targets, values, execution) ?? [])
  return running.length === 0 ? undefined : Promise.all(running).then(() => undefined)
}

function fetchFor(
  fetch: FetchNode,
  targets: readonly Thing[],
  contextValues: Readonly<Record<string, unknown>> | null,
  execution: Execution,
): Promise<void> | undefined {
  if (targets.length === 0) return undefined
  const { tree, surroundings } = execution
  const { isA } = surroundings.supergraph
  const asked = fetch.requires === null ? null : writerOf(fetch, execution).write(targets)
  if (asked && tree.failed) explainUnasked(tree, fetch, asked.unasked, isA)
  if (asked?.list.length === 0) return undefined
  const owners = asked?.owners ?? [targets]
  return ask(fetch, requestOf(fetch, asked, contextValues, execution), execution).then((answer) => {
    if ('code' in answer) fail(fetch, owners, answer, execution)
    else if (asked === null) takeRoot(fetch, targets, answer, execution)
    else takeEntities(fetch, asked, answer, execution)
  })
}

function requestOf(
  fetch: FetchNode,
  asked: Representations | null,
  contextValues: Readonly<Record<string, unknown>> | null,
  execution: Pick<Execution, 'variables' | 'context'>,
): SubgraphRequest {
  const variables = variablesFor(fetch, execution)
  if (contextValues) Object.assign(variables, contextValues)
  const { subgraph, query, operationName, operationKind: kind } = fetch
  const { context } = execution
  if (asked) return new EntityRequest({ subgraph, query, operationName, context }, variables, [asked.list])
  return { subgraph, query, operationName, variables, kind, context }
}
