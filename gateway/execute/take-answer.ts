import { FAILURES } from '../../schema/failures.js'
import { mergeAnswer, renameFields } from '../merge/merge-answer.js'
import { noteAt, noteMissing } from '../merge/note-errors.js'
import type { ReadAnswer, ReadError } from '../merge/read-answer.js'
import type { Representations } from '../merge/representations.js'
import { thing, type FieldError, type Thing } from '../merge/tree.js'
import type { FetchNode } from '../plan/plan.js'
import type { Execution } from './execution.js'

/** Notes a failure on all that the fetch should have brought. */
export function fail(
  fetch: FetchNode,
  owners: readonly (readonly Thing[])[],
  error: FieldError,
  execution: Execution,
): void {
  const { isA } = execution.surroundings.supergraph
  for (const ofOne of owners) for (const owner of ofOne) noteMissing(execution.tree, fetch, owner, error, isA)
}

/** Puts an answer about the root into the tree. */
export function takeRoot(fetch: FetchNode, targets: readonly Thing[], answer: ReadAnswer, execution: Execution): void {
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

/** Puts an answer about entities into the tree, each on every object that its representation stands for. */
export function takeEntities(fetch: FetchNode, asked: Representations, answer: ReadAnswer, execution: Execution): void {
  const { isA } = execution.surroundings.supergraph
  const entities = answer.data?.['_entities']
  const [first] = answer.errors
  if (!Array.isArray(entities) || entities.length !== asked.list.length) {
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

/** What came is no answer: counted, logged, and told as such. */
export function malformed(fetch: FetchNode, { surroundings, context }: Execution): FieldError {
  const { observer } = surroundings
  observer.count('fetch.failed', { subgraph: fetch.subgraph, code: 'SUBGRAPH_MALFORMED' })
  observer.log('warn', 'a subgraph answered what is no answer', {
    subgraph: fetch.subgraph,
    requestId: context.requestId,
  })
  return { code: 'SUBGRAPH_MALFORMED', message: FAILURES.SUBGRAPH_MALFORMED, below: [] }
}
