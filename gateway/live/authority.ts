import { ANONYMOUS } from '../../schema/identity.js'
import type { GraphRequest, PlannedSubscription } from '../engine.js'
import type { FetchContext } from '../fetch/ask-subgraph.js'

/** Asked by nobody, a question can bring nothing that only somebody may see. */
export function inNobodysName(request: GraphRequest): GraphRequest {
  return { ...request, context: nobody(request.context) }
}

/** The same fetches, on nobody's behalf. */
export function nobody(context: FetchContext): FetchContext {
  return { ...context, who: ANONYMOUS, authorization: null, carried: null }
}

/** The request's own signal and time are one viewer's; a group lives as long as anybody watches. */
export function lasting(context: FetchContext): FetchContext {
  const { carried } = context
  return { ...context, signal: null, carried: carried == null ? null : { ...carried, until: Infinity } }
}

/** Operation, variables and all of the asker that a subgraph could read. */
export function keyOf(planned: PlannedSubscription, asker: FetchContext): string {
  return JSON.stringify([planned.renderKey, authority(asker)])
}

/** All of the asker that a subgraph could read: the token as it goes down, who it is where there is no token, and the headers that are passed on. */
export function authority({ who, authorization, carried }: FetchContext): string {
  const asker = authorization ?? (who === ANONYMOUS ? '' : JSON.stringify(who))
  const headers = carried?.headers
  return headers == null ? asker : JSON.stringify([asker, headers])
}
