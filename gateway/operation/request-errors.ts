import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { FailureCode } from '../../schema/failures.js'

/** A request that is refused before anything is executed: its errors, all with one code. */
export class RequestErrors extends Error {
  readonly code: FailureCode
  readonly errors: readonly GraphQLError[]

  constructor(code: FailureCode, errors: readonly GraphQLError[], options?: ErrorOptions) {
    super(errors[0]?.message ?? code, options)
    this.name = 'RequestErrors'
    this.code = code
    this.errors = errors
  }

  /** As they stand in an answer. */
  formatted(): readonly GraphQLFormattedError[] {
    return this.errors.map((error) => ({
      message: error.message,
      ...(error.locations && { locations: error.locations }),
      ...(error.path && { path: error.path }),
      extensions: { code: this.code },
    }))
  }
}

/** The one-error form. */
export function requestError(
  code: FailureCode,
  message: string,
  { path, ...options }: ErrorOptions & { readonly path?: readonly (string | number)[] } = {},
): RequestErrors {
  return new RequestErrors(code, [new GraphQLError(message, { path })], options)
}
