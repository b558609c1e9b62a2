import type { Supergraph } from '../supergraph/supergraph.js'
import { apolloPlanner } from './apollo-planner.js'
import { NoWay, type Planner } from './planner.js'
import { walkingPlanner } from './walking-planner.js'

/**
 * Our planner, and Apollo's for what ours does not do (arguments from a context) or finds no way to. Apollo's is made when it
 * is first needed: making it costs more than planning.
 */
export function plannerOf(supergraph: Supergraph): Planner {
  const walking = walkingPlanner(supergraph)
  let apollo: Planner | null = null
  return {
    plan(document, overrides) {
      try {
        return walking.plan(document, overrides)
      } catch (error) {
        if (!(error instanceof NoWay)) throw error
        apollo ??= apolloPlanner(supergraph)
        return apollo.plan(document, overrides)
      }
    },
  }
}
