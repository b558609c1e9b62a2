import type { PartedPlan, Plan } from './plan.js'
import type { PartingPlanner } from './planner.js'

/** Plans of one operation in the order in which they were asked for. */
export interface ToldPlans {
  readonly whole: readonly Plan[]
  readonly parted: readonly PartedPlan[]
}

/** A planner that notes what it plans, so that it can be told to another thread. */
export function recording(planner: PartingPlanner): { readonly planner: PartingPlanner; readonly plans: ToldPlans } {
  const whole: Plan[] = []
  const parted: PartedPlan[] = []
  const noted = <Made>(into: Made[], made: Made): Made => {
    into.push(made)
    return made
  }
  return {
    planner: {
      plan: (...asked) => noted(whole, planner.plan(...asked)),
      planInParts: (...asked) => noted(parted, planner.planInParts(...asked)),
    },
    plans: { whole, parted },
  }
}

/** A planner that knows plans of one operation already: whoever unfolds it asks for them in the same order. What it does not know `planner` plans. */
export function repeating({ whole, parted }: ToldPlans, planner: PartingPlanner): PartingPlanner {
  const [wholes, parts] = [whole.values(), parted.values()]
  return {
    plan: (...asked) => wholes.next().value ?? planner.plan(...asked),
    planInParts: (...asked) => parts.next().value ?? planner.planInParts(...asked),
  }
}
