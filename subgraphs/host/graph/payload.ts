import { Failure } from '../../../platform/failure.js'

/** A refusal as a resolver gives it. */
export interface RefusalValue {
  readonly __typename: 'Refusal'
  readonly code: string
  readonly message: string
  readonly field: string | null
}

/** What a mutation answers: its facts and no errors, or errors alone. */
export type Answered<T> =
  (T & { readonly errors: readonly RefusalValue[] }) | { readonly errors: readonly RefusalValue[] }

/** Who may not ask at all, and who is to ask again later, is told so by a GraphQL error: data is what was decided. */
const UNDECIDED: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'BUSY', 'PARTNER_UNAVAILABLE'])

/** Does a mutation's work; a `Failure` becomes a typed error of the payload, a fault goes on its way. */
export async function payload<T extends object>(work: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ...(await work()), errors: [] }
  } catch (error) {
    if (!(error instanceof Failure) || UNDECIDED.has(error.code)) throw error
    return { errors: [refusal(error)] }
  }
}

/** A failure as data, for payloads that tell one for each of several things. */
export function refusal(failure: Failure): RefusalValue {
  const place = failure.details['place']
  return {
    __typename: 'Refusal',
    code: failure.code,
    message: failure.message,
    field: typeof place === 'string' ? place : null,
  }
}
