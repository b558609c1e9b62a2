import { Failure } from '../../platform/failure.js'
import { FAILURES } from '../../schema/failures.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest } from '../fetch/ask-subgraph.js'
import { copied, mergeAnswer, renameFields } from '../merge/merge-answer.js'
import { explainUnasked, noteAt, noteMissing } from '../merge/note-errors.js'
import { readAnswer, type ReadAnswer, type ReadError } from '../merge/read-answer.js'
import { RepresentationWriter, type Representations } from '../merge/representations.js'
import { targetsAt, targetsWithSurroundings } from '../merge/targets.js'
import { thing, type FieldError, type Thing } from '../merge/tree.js'
import { emptyRecord, type Variables } from '../operation/read-variables.js'
import type { FetchNode } from '../plan/plan.js'
import { byContext } from './context-values.js'
import { EntityRequest } from './entity-request.js'
import type { Execution } from './execution.js'

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
  if (asked?.texts.length === 0) return undefined
  const owners = asked?.owners ?? [targets]
  return ask(fetch, requestOf(fetch, asked, contextValues, execution), execution).then((answer) => {
    if ('code' in answer) fail(fetch, owners, answer, execution)
    else if (asked === null) takeRoot(fetch, targets, answer, execution)
    else takeEntities(fetch, asked, answer, execution)
  })
}

const writers = new WeakMap<FetchNode, RepresentationWriter>()

function writerOf(fetch: FetchNode, { surroundings }: Execution): RepresentationWriter {
  let writer = writers.get(fetch)
  if (writer === undefined) {
    writer = new RepresentationWriter(fetch.requires ?? [], fetch.subgraph, surroundings.supergraph)
    writers.set(fetch, writer)
  }
  return writer
}

function requestOf(
  fetch: FetchNode,
  asked: Representations | null,
  contextValues: Readonly<Record<string, unknown>> | null,
  execution: Pick<Execution, 'variables' | 'context'>,
): SubgraphRequest {
  const variables = emptyRecord()
  for (const name of fetch.variables) if (name in execution.variables) variables[name] = execution.variables[name]
  if (contextValues) Object.assign(variables, contextValues)
  if (asked) return new EntityRequest(fetch, variables, asked.texts, execution.context)
  return {
    subgraph: fetch.subgraph,
    query: fetch.query,
    operationName: fetch.operationName,
    variables,
    kind: fetch.operationKind,
    context: execution.context,
  }
}

/** An answer that is one, or what is told instead. */
async function ask(fetch: FetchNode, request: SubgraphRequest, execution: Execution): Promise<ReadAnswer | FieldError> {
  const { subgraphs, observer, telling } = execution.surroundings
  observer.count('fetch.sent', { subgraph: fetch.subgraph })
  let answer: SubgraphAnswer
  try {
    answer = await subgraphs.ask(request)
  } catch (cause) {
    const failed = failureOf(cause)
    observer.count('fetch.failed', { subgraph: fetch.subgraph, code: failed.code })
    observer.log('warn', 'a subgraph did not answer', {
      subgraph: fetch.subgraph,
      requestId: request.context.requestId,
      cause,
    })
    return failed
  }
  const read = readAnswer(answer, telling)
  if (read === null) return malformed(fetch, execution)
  for (const error of read.errors)
    if (error.code === 'INTERNAL_SERVER_ERROR')
      observer.log('warn', 'a subgraph failed', {
        subgraph: fetch.subgraph,
        requestId: request.context.requestId,
        errors: answer.errors,
      })
  return read
}

function malformed(fetch: FetchNode, { surroundings, context }: Execution): FieldError {
  const { observer } = surroundings
  observer.count('fetch.failed', { subgraph: fetch.subgraph, code: 'SUBGRAPH_MALFORMED' })
  observer.log('warn', 'a subgraph answered what is no answer', {
    subgraph: fetch.subgraph,
    requestId: context.requestId,
  })
  return { code: 'SUBGRAPH_MALFORMED', message: FAILURES.SUBGRAPH_MALFORMED, below: [] }
}

function failureOf(cause: unknown): FieldError {
  for (const code of ['SUBGRAPH_TIMEOUT', 'SUBGRAPH_TOO_LARGE', 'SUBGRAPH_MALFORMED', 'BUSY'] as const)
    if (cause instanceof Failure && cause.code === code) return { code, message: FAILURES[code], below: [] }
  return { code: 'SUBGRAPH_UNAVAILABLE', message: FAILURES.SUBGRAPH_UNAVAILABLE, below: [] }
}

function fail(fetch: FetchNode, owners: readonly (readonly Thing[])[], error: FieldError, execution: Execution): void {
  const { isA } = execution.surroundings.supergraph
  for (const ofOne of owners) for (const owner of ofOne) noteMissing(execution.tree, fetch, owner, error, isA)
}

function takeRoot(fetch: FetchNode, targets: readonly Thing[], answer: ReadAnswer, execution: Execution): void {
  const { isA } = execution.surroundings.supergraph
  if (answer.data !== null) {
    renameFields(answer.data, fetch.renames, isA)
    for (const target of targets) mergeAnswer(target, answer.data)
  }
  for (const error of answer.errors)
    for (const target of targets) noteAt(execution.tree, fetch, target, error.path, error)
  const [first] = answer.errors
  if (answer.data === null && first) fail(fetch, [targets], wholly(first), execution)
  else noteUnplaced(fetch, [targets], answer.errors, execution)
}

function takeEntities(fetch: FetchNode, asked: Representations, answer: ReadAnswer, execution: Execution): void {
  const { isA } = execution.surroundings.supergraph
  const entities = answer.data?.['_entities']
  const [first] = answer.errors
  if (!Array.isArray(entities) || entities.length !== asked.texts.length) {
    for (const error of answer.errors) noteAtEntity(fetch, asked, error, execution)
    fail(fetch, asked.owners, answer.data === null && first ? wholly(first) : malformed(fetch, execution), execution)
    return
  }
  entities.forEach((entity: unknown, at) => {
    const inner = thing(entity)
    const owners = asked.owners[at] ?? []
    if (inner === null) {
      if (entity !== null && entity !== undefined) fail(fetch, [owners], malformed(fetch, execution), execution)
      else for (const owner of owners) execution.tree.noteUnknown(owner)
      return
    }
    renameFields(inner, fetch.renames, isA)
    for (const owner of owners) mergeAnswer(owner, inner)
  })
  for (const error of answer.errors) noteAtEntity(fetch, asked, error, execution)
  noteUnplaced(fetch, asked.owners, answer.errors, execution)
}

/** An error of `_entities[3].name` belongs to `name` of every object that the fourth representation stands for. */
function noteAtEntity(fetch: FetchNode, asked: Representations, error: ReadError, execution: Execution): void {
  const [root, at, ...path] = error.path
  if (root !== '_entities' || typeof at !== 'number') return
  for (const owner of asked.owners[at] ?? []) {
    if (path.length > 0) noteAt(execution.tree, fetch, owner, path, error)
    else noteMissing(execution.tree, fetch, owner, wholly(error), execution.surroundings.supergraph.isA)
  }
}

/** An error that names no place of an object is told on whatever is missing. */
function noteUnplaced(
  fetch: FetchNode,
  owners: readonly (readonly Thing[])[],
  errors: readonly ReadError[],
  execution: Execution,
): void {
  const unplaced = errors.find((error) => error.path.length === 0 || (fetch.requires !== null && error.path.length < 2))
  if (unplaced) fail(fetch, owners, wholly(unplaced), execution)
}

function wholly({ code, message }: ReadError): FieldError {
  return { code, message, below: [] }
}
