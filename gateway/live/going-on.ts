import type { GraphRequest, PlannedSubscription } from '../engine.js'
import type { Resume } from './live-question.js'

/** A question that goes on from a cursor. */
export interface GoingOn {
  readonly cursor: string
  /** The same question without its cursor, which those ask who have been here all the time; null when it cannot be told apart. */
  readonly base: GraphRequest | null
}

/** Whether a question begins in the past; null for one that begins now and may be shared with whoever asks the same. */
export function goingOn(planned: PlannedSubscription, request: GraphRequest, resume: Resume | null): GoingOn | null {
  const brought = resume?.variable == null ? undefined : request.variables?.[resume.variable]
  if (typeof brought === 'string') return { cursor: brought, base: without(request, resume?.variable ?? '') }
  // Anybody's `after` is taken for a cursor: shared, whoever came later would miss the beginning.
  const after = planned.root.arguments['after']
  return after === undefined || after === null ? null : { cursor: '', base: null }
}

function without(request: GraphRequest, variable: string): GraphRequest {
  const others = Object.entries(request.variables ?? {}).filter(([name]) => name !== variable)
  return { ...request, variables: Object.fromEntries(others) }
}

/** The same question from a cursor that came beside it, wherever it can be asked so. */
export function goingOnFrom(request: GraphRequest, resume: Resume | null, cursor: string): GraphRequest {
  const variable = resume?.variable ?? null
  return variable === null ? request : { ...request, variables: { ...request.variables, [variable]: cursor } }
}
