import { Failure } from '../../platform/failure.js'
import { FAILURES } from '../../schema/failures.js'
import type { SubgraphAnswer, SubgraphRequest } from '../fetch/ask-subgraph.js'
import { readAnswer, type ReadAnswer } from '../merge/read-answer.js'
import { RepresentationWriter } from '../merge/representations.js'
import type { FieldError } from '../merge/tree.js'
import { emptyRecord } from '../operation/read-variables.js'
import type { FetchNode } from '../plan/plan.js'
import type { Execution } from './execution.js'
import { malformed } from './take-answer.js'

/** An answer that is one, or what is told instead. */
export async function ask(
  fetch: FetchNode,
  request: SubgraphRequest,
  execution: Execution,
): Promise<ReadAnswer | FieldError> {
  const { subgraphs, observer, telling } = execution.surroundings
  observer.count('fetch.sent', { subgraph: fetch.subgraph })
  let answer: SubgraphAnswer
  try {
    answer = await subgraphs.ask(request)
  } catch (cause) {
    const failed = failureOf(cause)
    observer.count('fetch.failed', { subgraph: fetch.subgraph, code: failed.code })
    if (request.context.signal?.aborted === true) return failed // nobody waits for it, and nobody is told
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

function failureOf(cause: unknown): FieldError {
  for (const code of [
    'SUBGRAPH_TIMEOUT',
    'REQUEST_TIMEOUT',
    'SUBGRAPH_TOO_LARGE',
    'SUBGRAPH_MALFORMED',
    'BUSY',
  ] as const)
    if (cause instanceof Failure && cause.code === code) return { code, message: FAILURES[code], below: [] }
  return { code: 'SUBGRAPH_UNAVAILABLE', message: FAILURES.SUBGRAPH_UNAVAILABLE, below: [] }
}

const writers = new WeakMap<FetchNode, RepresentationWriter>()

/** What writes the representations of a fetch; made once. */
export function writerOf(fetch: FetchNode, { surroundings }: Execution): RepresentationWriter {
  let writer = writers.get(fetch)
  if (writer === undefined) {
    writer = new RepresentationWriter(fetch.requires ?? [], fetch.subgraph, surroundings.supergraph)
    writers.set(fetch, writer)
  }
  return writer
}

/** The variables of the client that a fetch uses. */
export function variablesFor(fetch: FetchNode, { variables }: Pick<Execution, 'variables'>): Record<string, unknown> {
  const values = emptyRecord()
  for (const name of fetch.variables) if (name in variables) values[name] = variables[name]
  return values
}
