import type { GraphQLFormattedError } from 'graphql'
import type { FailureCode } from '../../schema/failures.js'
import type { DocumentRules } from '../operation/check-document.js'
import type { ToldPlans } from '../plan/told-plans.js'

/** What the thread beside ours is started with: enough to read and plan as we would. */
export interface AsideRules {
  /** The supergraph's SDL as clients see it: after a contract, if there is one. */
  readonly supergraph: string
  readonly documents: DocumentRules
}

/** A document to be read. */
export interface ReadErrand {
  readonly kind: 'read'
  readonly text: string
}

/** A good document to be planned: all that a plan depends on. */
export interface PlanErrand {
  readonly kind: 'plan'
  readonly text: string
  readonly operationName: string | null
  readonly switches: ReadonlyMap<string, boolean>
  readonly overrides: ReadonlyMap<string, boolean>
  /** Numbers of the requirements of access that do not hold. */
  readonly failed: readonly number[]
  /** Whether it is answered in parts. */
  readonly inParts: boolean
}

export type Errand = ReadErrand | PlanErrand

/** What came of an errand. */
export type Outcome =
  /** Empty: the document may be run. */
  | { readonly kind: 'read'; readonly refused: readonly GraphQLFormattedError[] }
  | { readonly kind: 'plan'; readonly plans: ToldPlans }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly message: string }

/** What the thread says first: it has read the supergraph. */
export const READY = 'ready'

/** An errand and its outcome on their way between the threads. */
export interface Sent {
  readonly id: number
  readonly errand: Errand
}
export interface Brought {
  readonly id: number
  readonly outcome: Outcome
}
