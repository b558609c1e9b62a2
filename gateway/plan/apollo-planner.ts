import { QueryPlanner } from '@apollo/query-planner'
import type { Supergraph } from '../supergraph/supergraph.js'
import { requestError } from '../operation/request-errors.js'
import type { Planner } from './planner.js'
import { translated } from './translate.js'

/** Without these bounds planning a small query over many shared fields takes minutes; with them the plans seen were as good. */
const BOUNDS = { maxEvaluatedPlans: 50, pathsLimit: 8 } as const

/** Apollo's planner. It is asked for nothing but what `innerOperation` makes, which is where its known faults are kept away from. */
export function apolloPlanner(supergraph: Supergraph): Planner {
  const planner = new QueryPlanner(supergraph.federated, {
    debug: BOUNDS,
    reuseQueryFragments: false,
    // Our own cache holds whole plans.
    cache: {
      get: () => Promise.resolve(undefined),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(true),
      clear() {},
    },
  })
  return {
    plan(document, overrides) {
      try {
        return translated(
          planner.buildQueryPlan(supergraph.federatedOperation(document), { overrideConditions: new Map(overrides) }),
        )
      } catch (cause) {
        throw requestError('PLAN_FAILED', 'No way to answer this operation was found.', { cause })
      }
    },
  }
}
