import type { FieldNode, GraphQLSchema } from 'graphql'
import type { Denied } from '../operation/access.js'
import { FIRST, partKey, type Deferral, type Deferrals } from '../operation/deferrals.js'
import { innerOperation, type InnerOperation } from '../operation/inner-operation.js'
import type { InnerNames } from '../operation/inner-names.js'
import type { Operation } from '../operation/read-operation.js'
import type { Switches } from '../operation/switches.js'
import type { PartedPlan } from './plan.js'
import { MOST_STEPS, type Overrides, type PartingPlanner, type Parts } from './planner.js'

/** The plans of an operation that is answered in parts: one for a query, one for each root field of a mutation. */
export interface PreparedParts {
  readonly names: InnerNames
  readonly plans: readonly PartedPlan[]
  /** The parts of the plans that a deferral needs. */
  readonly partsOf: (deferral: Deferral) => readonly number[]
}

/** What is planned in parts, and for whom. */
export interface PartsAsked {
  readonly operation: Operation
  readonly switches: Switches
  readonly overrides: Overrides
  readonly denied: Denied | null
}

/** More fragments than these are not told apart: each may be a part, and each part is planned by itself. */
const MOST_DEFERRALS = 100

/** The same as `preparePlan`, with what is told later kept out of what is told first; null when nothing is told later. */
export function prepareParts(
  schema: GraphQLSchema,
  planner: PartingPlanner,
  { operation, switches, overrides, denied }: PartsAsked,
  deferrals: Deferrals,
  mostSteps = MOST_STEPS,
): PreparedParts | null {
  const inner = innerOperation(schema, operation, switches, denied, deferrals)
  const { length } = deferrals.all
  if (length === 0 || length > MOST_DEFERRALS) return null
  const parts = numbered(inner)
  const planned = new Set(deferrals.all)
  return {
    names: inner.names,
    plans: inner.documents.map((document) =>
      planner.planInParts(document, overrides, parts, { steps: 0, most: mostSteps }),
    ),
    // One that the plan does not know, of whatever type it may be, waits for everything.
    partsOf: (deferral) => parts.sets.flatMap((set, part) => (set.has(deferral) || !planned.has(deferral) ? part : [])),
  }
}

function numbered(inner: InnerOperation): Parts {
  const sets: ReadonlySet<Deferral>[] = [FIRST]
  const byKey = new Map<string, number>([['', 0]])
  const byField = new Map<unknown, number>()
  for (const [field, set] of inner.parts) {
    const key = partKey(set)
    let part = byKey.get(key)
    if (part === undefined) {
      part = sets.push(set) - 1
      byKey.set(key, part)
    }
    byField.set(field, part)
  }
  return { sets, of: (field: FieldNode) => byField.get(field) ?? 0 }
}
