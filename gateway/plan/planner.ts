import type { DocumentNode, FieldNode } from 'graphql'
import type { Deferral } from '../operation/deferrals.js'
import type { PartedPlan, Plan } from './plan.js'

/** Which side of each progressive `@override` this request is on, by label. */
export type Overrides = ReadonlyMap<string, boolean>

/** What plans of one request have taken of their budget, all together: each root field of a mutation has a plan of its own. */
export interface Spent {
  steps: number
  readonly most: number
}

/**
 * The budget of a plan. A field that has to be asked of each type of an interface by itself is planned for each, and so is all
 * below it: without a bound a small operation over many types could hold the event loop (`npm run attack:steps`).
 */
export const MOST_STEPS = 3_000
/** The same on the event loop, where there is a place beside it: what takes more is planned there. Some ten milliseconds. */
export const MOST_STEPS_HERE = 500

/** An operation takes more steps than are planned on the event loop. */
export class PlansLong extends Error {
  constructor() {
    super('the operation is planned aside')
    this.name = 'PlansLong'
  }
}

/** Finds the way to an answer. The document holds one operation without named fragments, conditions and introspection. */
export interface Planner {
  plan(document: DocumentNode, overrides: Overrides, spent?: Spent): Plan
}

/** Which part of the answer each field of a document is for; part 0 is the first. */
export interface Parts {
  readonly sets: readonly ReadonlySet<Deferral>[]
  readonly of: (field: FieldNode) => number
}

/** One that can keep what is told later out of what is told first. */
export interface PartingPlanner extends Planner {
  planInParts(document: DocumentNode, overrides: Overrides, parts: Parts, spent?: Spent): PartedPlan
}

/** A planner found no way to a field; another one may. */
export class NoWay extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoWay'
  }
}
