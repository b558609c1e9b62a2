/** What a failure may carry beside its message: where it came from, and facts that the client may see. */
export interface FailureOptions {
  readonly cause?: unknown
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

/**
 * A refusal: expected, with a code that is a promise to clients (the codes are listed in `schema/failures.ts`).
 * Anything else that is thrown is a fault, and no client ever sees its text.
 */
export class Failure extends Error {
  readonly code: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>

  constructor(code: string, message: string, options: FailureOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'Failure'
    this.code = code
    this.details = options.details ?? {}
  }
}
