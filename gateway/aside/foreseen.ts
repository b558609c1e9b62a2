import { RequestErrors } from '../operation/request-errors.js'
import type { PartingPlanner } from '../plan/planner.js'
import { repeating, type ToldPlans } from '../plan/told-plans.js'
import type { Aside } from './aside.js'
import type { PlanErrand } from './messages.js'

/** Whoever asked for a plan comes for it at once: only the last few are kept. */
const MOST_FORESEEN = 20

/** What is planned aside, and for whom. */
export interface ForeseenQuestion extends Omit<PlanErrand, 'kind' | 'failed'> {
  /** Equal for all requests that one plan serves. */
  readonly key: string
  readonly access: { readonly failed: readonly number[] }
}

/** Plans that were made aside, until those who asked for them have come. */
export class Foreseen {
  readonly #planner: PartingPlanner
  readonly #plans = new Map<string, ToldPlans | RequestErrors>()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(planner: PartingPlanner) {
    this.#planner = planner
  }

  /** Equal questions at the same time are one. */
  plan(aside: Aside, asked: ForeseenQuestion): Promise<void> {
    const { key } = asked
    const underWay = this.#underWay.get(key)
    if (underWay !== undefined) return underWay
    const planned = this.#planned(aside, asked).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, planned)
    return planned
  }

  /** A planner for the operation of the key: one that knows its plans already, if they were foreseen. Throws what it cannot be planned for. */
  plannerFor(key: string): PartingPlanner {
    const plans = this.#plans.get(key)
    if (plans instanceof RequestErrors) throw plans
    return plans === undefined ? this.#planner : repeating(plans, this.#planner)
  }

  async #planned(
    aside: Aside,
    { key, text, operationName, switches, overrides, access, inParts }: ForeseenQuestion,
  ): Promise<void> {
    const { failed } = access
    const plans = await aside
      .plan({ text, operationName, switches, overrides, failed, inParts })
      .catch((error: unknown) => {
        if (error instanceof RequestErrors) return error
        throw error
      })
    for (const oldest of this.#plans.keys()) if (this.#plans.size >= MOST_FORESEEN) this.#plans.delete(oldest)
    this.#plans.set(key, plans)
  }
}
