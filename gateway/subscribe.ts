import { getArgumentValues } from 'graphql'
import { FAILURES } from '../schema/failures.js'
import type { GraphRequest, PlannedSubscription } from './engine.js'
import { execute } from './execute/execute.js'
import type { Surroundings } from './execute/execution.js'
import type { Ready } from './execute/readier.js'
import { absorbEvent, upstreamOf } from './execute/run-fetch.js'
import { Tree } from './merge/tree.js'
import { requestError } from './operation/request-errors.js'
import { askedSubgraphs } from './plan/asked-subgraphs.js'
import type { Introspected } from './project/project.js'
import { written } from './write-answer.js'

const NOTHING_INTROSPECTED: Introspected = new Map()

/** A subscription that is ready -> the question to its upstream, and what makes an answer of each of its events. Throws `RequestErrors` for a root field that whoever asks may not see. */
export function subscriptionOf(
  { operation, variables, access, prepared }: Ready,
  request: GraphRequest,
  surroundings: Surroundings,
): PlannedSubscription {
  const { primary, root } = prepared.plan
  const [field] = prepared.shape.fieldsFor(prepared.shape.type.name) ?? []
  const [node] = field?.nodes ?? []
  if (field?.denied)
    throw requestError('UNAUTHORIZED_FIELD_OR_TYPE', FAILURES.UNAUTHORIZED_FIELD_OR_TYPE, { path: [field.response] })
  if (primary === null || field === undefined || node === undefined)
    throw new Error('a subscription has a primary fetch')
  const definition = operation.root.getFields()[field.name]
  const upstream = upstreamOf(primary, variables, request.context)
  return {
    upstream,
    upstreamKey: JSON.stringify([upstream.subgraph, upstream.query, upstream.variables]),
    access: access.key,
    alike: access.alike,
    renderKey: JSON.stringify([request.text, operation.name, variables, access.key]),
    subgraphs: askedSubgraphs(prepared.plan),
    root: { field: field.name, arguments: definition ? getArgumentValues(definition, node, variables) : {} },
    async render(event, context) {
      const execution = { surroundings, tree: new Tree(), variables, context }
      absorbEvent(primary, event, execution)
      if (root !== null) await execute(root, execution)
      return written(operation, prepared, execution.tree, NOTHING_INTROSPECTED)
    },
  }
}
