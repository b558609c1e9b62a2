import { getOperationAST, type DocumentNode } from 'graphql'
import { Aborting } from '../../platform/abort.js'
import { Failure } from '../../platform/failure.js'
import type { Engine, GraphRequest } from '../engine.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'
import { errorsIn } from '../live/group.js'
import type { Groups } from '../live/groups.js'
import { SharedAnswer } from '../live/shared-answer.js'
import type { Sink } from '../live/sink.js'
import type { Allowance } from './allowance.js'
import type { Carry } from './carried.js'
import type { Engines } from './engines.js'
import { asFailure, errorList } from './failure-reply.js'
import type { Foresight } from './foresight.js'
import { PlansLong } from '../plan/planner.js'
import type { Overload } from './overload.js'
import type { OperationReader } from './operation-reader.js'
import type { WantedDocument } from './trusted-documents.js'

/** What every transport of answers runs operations with. */
export interface OperationParts {
  readonly engines: Engines
  readonly groups: Groups
  readonly readOperation: OperationReader
  readonly foresight: Foresight
  readonly overload: Overload
  readonly allowance: Allowance
  readonly carry: Carry
}

/** One operation that a client wants run. */
export interface WantedOperation {
  readonly wanted: WantedDocument
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly context: FetchContext
  /** False where a mutation may not be run (a GET). */
  readonly mayChange: boolean
  /** The cursor that a browser's EventSource brings back by itself. */
  readonly lastEvent?: string | null
}

/** Ends an operation for its client; nothing is told after it. */
export type End = () => void

/** What is large is run when it has been read and planned aside, anything else now. */
export function runOperation(parts: OperationParts, asked: WantedOperation, sink: Sink): End {
  const foreseen = parts.foresight(asked)
  if (foreseen === null) return runNow(parts, asked, sink)
  foreseen.catch(() => asked.context.carried?.span?.end('ABANDONED'))
  return whenForeseen(foreseen, () => runNow(parts, asked, sink), sink)
}

/** Begins when what it waits for is there; a client that left meanwhile is not begun for. */
function whenForeseen(foreseen: Promise<void>, begin: () => End, sink: Sink): End {
  let end: End | null = null
  let left = false
  foreseen
    .then(() => {
      if (!left) end = begin()
    })
    .catch((error: unknown) => {
      if (!left) sink.fail(errorList([asFailure(error)]))
    })
  return () => {
    left = true
    end?.()
  }
}

/** operation -> read, within limits -> within its asker's quota -> a group for a subscription, one answer for anything else -> the sink. */
function runNow(parts: OperationParts, asked: WantedOperation, sink: Sink): End {
  const { engines, readOperation, overload, allowance } = parts
  const engine = engines.now
  const span = asked.context.carried?.span ?? null
  const read = readOperation(engine, asked.wanted, span)
  if ('refused' in read) {
    span?.end('GRAPHQL_VALIDATION_FAILED')
    sink.fail(read.refused)
    return () => undefined
  }
  const operation = getOperationAST(read.document, asked.operationName)
  const refused = overload.refusal(operation) ?? allowance.take(asked.context, read.document, operation)
  const begin = (refusal: Failure | null): End => {
    if (refusal === null) return runRead(parts, engine, { asked, read, sink })
    span?.end(refusal.code)
    sink.fail(errorList([refusal]))
    return () => undefined
  }
  return refused instanceof Promise ? later(refused, begin) : begin(refused)
}

/** Begins once it is known whether it may; a client that left meanwhile is not begun for. */
function later(refused: Promise<Failure | null>, begin: (refusal: Failure | null) => End): End {
  let left = false
  let end: End = () => (left = true)
  void refused.then((refusal) => {
    if (!left) end = begin(refusal)
  })
  return () => end()
}

interface Readable {
  readonly asked: WantedOperation
  readonly read: { readonly text: string; readonly document: DocumentNode }
  readonly sink: Sink
}

function runRead({ groups }: OperationParts, engine: Engine, { asked, read, sink }: Readable): End {
  const span = asked.context.carried?.span ?? null
  const { operationName, variables } = asked
  const leaving = new Aborting()
  const context = { ...asked.context, signal: leaving }
  const request: GraphRequest = { text: read.text, parsed: read.document, operationName, variables, context }
  const kind = engine.kindOf(request)
  if (kind === 'subscription') {
    span?.end() // it may go on for hours; what its events cost is counted
    const watch = (): End => groups.watch(engine, request, sink, asked.lastEvent ?? null)
    try {
      return watch()
    } catch (error) {
      if (!(error instanceof PlansLong)) throw error
      return whenForeseen(engine.planAside(request), watch, sink)
    }
  }
  if (kind === 'mutation' && !asked.mayChange) {
    span?.end('METHOD_NOT_ALLOWED')
    sink.fail(errorList([new Failure('METHOD_NOT_ALLOWED', 'a GET does not run mutations')]))
    return () => undefined
  }
  let awaited = true
  void engine.answer(request).then((answer) => {
    span?.end(awaited ? answer.codes[0] : 'ABANDONED')
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
    leaving.abort()
  }
}
