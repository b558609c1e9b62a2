import { ANONYMOUS } from '../../schema/identity.js'
import type { GraphRequest, PlannedSubscription } from '../answer.js'

/** Asked by nobody, a question can bring nothing that only somebody may see. */
export function inNobodysName(request: GraphRequest): GraphRequest {
  return { ...request, context: { ...request.context, who: ANONYMOUS, authorization: null } }
}

/** Operation, variables and all of the asker that a subgraph could read. */
export function keyOf(planned: PlannedSubscription, request: GraphRequest): string {
  return JSON.stringify([planned.renderKey, authority(request)])
}

/** All of the asker that a subgraph could read: the token as it goes down, and who it is where there is no token. */
export function authority({ context }: GraphRequest): string {
  return context.authorization ?? (context.who === ANONYMOUS ? '' : JSON.stringify(context.who))
}
