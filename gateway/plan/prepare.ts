import type { GraphQLSchema } from 'graphql'
import type { Denied } from '../operation/access.js'
import { innerOperation } from '../operation/inner-operation.js'
import type { InnerNames } from '../operation/inner-names.js'
import type { Operation } from '../operation/read-operation.js'
import type { Switches } from '../operation/switches.js'
import type { FetchNode, PlanNode } from './plan.js'
import { MOST_STEPS, type Overrides, type Planner } from './planner.js'

/** The plan of an operation for one combination of its switches, and the names under which its fields will stand in the tree. */
export interface PreparedPlan {
  readonly names: InnerNames
  readonly root: PlanNode | null
  /** The upstream's question, when the operation is a subscription. */
  readonly primary: FetchNode | null
}

/** Unfolds the operation and plans it. The root fields of a mutation are planned one by one, so that they run in the client's order. */
export function preparePlan(
  schema: GraphQLSchema,
  planner: Planner,
  operation: Operation,
  switches: Switches,
  overrides: Overrides,
  denied: Denied | null,
  mostSteps = MOST_STEPS,
): PreparedPlan {
  const { documents, names } = innerOperation(schema, operation, switches, denied)
  const spent = { steps: 0, most: mostSteps }
  const plans = documents.map((document) => planner.plan(document, overrides, spent))
  const nodes = plans.flatMap((plan) => plan.root ?? [])
  const [only, second] = nodes
  const root = second === undefined ? (only ?? null) : ({ kind: 'sequence', nodes } as const)
  return { names, root, primary: plans[0]?.primary ?? null }
}
