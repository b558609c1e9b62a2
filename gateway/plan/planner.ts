import type { DocumentNode } from 'graphql'
import type { Plan } from './plan.js'

/** Which side of each progressive `@override` this request is on, by label. */
export type Overrides = ReadonlyMap<string, boolean>

/** Finds the way to an answer. The document holds one operation without named fragments, conditions and introspection. */
export interface Planner {
  plan(document: DocumentNode, overrides: Overrides): Plan
}

/** A planner found no way to a field; another one may. */
export class NoWay extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoWay'
  }
}
