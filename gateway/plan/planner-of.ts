import type { Supergraph } from '../supergraph/supergraph.js'
import { apolloPlanner } from './apollo-planner.js'
import { MOST_STEPS, NoWay, PlansLong, type PartingPlanner, type Planner } from './planner.js'
import { walkingPlanner } from './walking-planner.js'

/**
 * Our planner, and Apollo's for what ours does not do (arguments from a context) or finds no way to. Apollo's is made when it
 * is first needed: making it costs more than planning. It counts no steps, so it plans where they may be many: beside the event loop
 * where there is a place.
 */
export function plannerOf(supergraph: Supergraph): PartingPlanner {
  const walking = walkingPlanner(supergraph)
  let apollo: Planner | null = null
  const byApollo: Planner['plan'] = (document, overrides, spent) => {
    if (spent !== undefined && spent.most < MOST_STEPS) throw new PlansLong()
    apollo ??= apolloPlanner(supergraph)
    return apollo.plan(document, overrides)
  }
  return {
    plan: (document, overrides, spent) =>
      orElse(
        () => walking.plan(document, overrides, spent),
        () => byApollo(document, overrides, spent),
      ),
    // What only Apollo's planner can do is had all at once, and told in parts all the same.
    planInParts: (document, overrides, parts, spent) =>
      orElse(
        () => walking.planInParts(document, overrides, parts, spent),
        () => ({ first: byApollo(document, overrides, spent).root, steps: [] }),
      ),
  }
}

function orElse<Result>(run: () => Result, otherwise: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof NoWay)) throw error
    return otherwise()
  }
}
