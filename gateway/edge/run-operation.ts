import { getOperationAST } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { GraphRequest } from '../answer.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { errorsIn } from '../live/group.js'
import type { Groups } from '../live/groups.js'
import { SharedAnswer } from '../live/shared-answer.js'
import type { Sink } from '../live/sink.js'
import type { Engines } from './engines.js'
import { errorList } from './failure-reply.js'
import type { Overload } from './overload.js'
import type { OperationReader } from './operation-reader.js'
import type { WantedDocument } from './trusted-documents.js'

/** What every transport of answers runs operations with. */
export interface OperationParts {
  readonly engines: Engines
  readonly groups: Groups
  readonly readOperation: OperationReader
  readonly overload: Overload
}

/** One operation that a client wants run. */
export interface WantedOperation {
  readonly wanted: WantedDocument
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly context: FetchContext
  /** False where a mutation may not be run (a GET). */
  readonly mayChange: boolean
}

/** Ends an operation for its client; nothing is told after it. */
export type End = () => void

/** operation -> read, within limits -> a group for a subscription, one answer for anything else -> the sink. */
export function runOperation(
  { engines, groups, readOperation, overload }: OperationParts,
  asked: WantedOperation,
  sink: Sink,
): End {
  const engine = engines.now
  const read = readOperation(engine, asked.wanted)
  if ('refused' in read) {
    sink.fail(read.refused)
    return () => undefined
  }
  const { operationName, variables, context } = asked
  const busy = overload.refusal(getOperationAST(read.document, operationName))
  if (busy !== null) {
    sink.fail(errorList([busy]))
    return () => undefined
  }
  const request: GraphRequest = { text: read.text, parsed: read.document, operationName, variables, context }
  const kind = engine.kindOf(request)
  if (kind === 'subscription') return groups.watch(engine, request, sink)
  if (kind === 'mutation' && !asked.mayChange) {
    sink.fail(errorList([new Failure('METHOD_NOT_ALLOWED', 'a GET does not run mutations')]))
    return () => undefined
  }
  let awaited = true
  void engine.answer(request).then((answer) => {
    if (!awaited) return
    if (answer.failed === 'request') {
      sink.fail(errorsIn(answer))
      return
    }
    sink.next(new SharedAnswer(answer.body))
    sink.complete()
  })
  return () => {
    awaited = false
  }
}
