import { GraphQLError } from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'

/** An error as an answer carries it: nothing of ours but a code and a message that we wrote. */
export interface ToldError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string }
}

/** Errors of an executed operation: a `Failure` keeps its code and message, a fault is logged and tells nothing. */
export function toldErrors(
  errors: readonly unknown[],
  { subgraph, observer }: { subgraph: string; observer: Observer },
): readonly ToldError[] {
  return errors.map((error) => {
    const path = error instanceof GraphQLError && error.path !== undefined ? { path: error.path } : {}
    const cause = causeOf(error)
    if (cause instanceof Failure)
      return { message: cause.message, ...path, extensions: { ...cause.details, code: cause.code } }
    if (isOfRequest(error)) return { message: error.message, extensions: { code: 'BAD_USER_INPUT' } }
    observer.log('error', 'a resolver failed', { subgraph, ...path, fault: stackOf(cause) })
    return { message: 'something of ours failed', ...path, extensions: { code: 'INTERNAL_SERVER_ERROR' } }
  })
}

/** Errors of a document or of its variables, before anything was executed. */
export function refusedRequest(errors: readonly { readonly message: string }[], code: string): readonly ToldError[] {
  return errors.map(({ message }) => ({ message, extensions: { code } }))
}

/** What was thrown first, below the layers that executors put around it. */
function causeOf(error: unknown): unknown {
  let it = error
  while (it instanceof GraphQLError && it.originalError) it = it.originalError
  return it
}

/** An error without a path arose before any resolver ran: a variable that does not fit its type. */
function isOfRequest(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && error.path === undefined && !error.originalError
}

function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
