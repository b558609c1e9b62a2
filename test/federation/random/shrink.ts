import { buildSchema } from 'graphql'
import type { Model } from './model.js'
import type { RandomOperation } from './operation.js'
import { apiSdl } from './print-model.js'
import { smallerModels } from './smaller-models.js'
import { smallerOperations } from './smaller-operations.js'
import { isValid, stageOf, type Stage } from './stage.js'

/** What is different when an operation is answered in two ways; null when nothing is. */
export type Differ = (stage: Stage, operation: RandomOperation) => Promise<string | null>

/** An operation and what is different about it. */
export interface Found {
  readonly operation: RandomOperation
  readonly difference: string
}

/** Takes parts of the operation and of the model away, one after the other, as long as the answers still differ. */
export async function shrunk(stage: Stage, found: Found, differ: Differ): Promise<Found & { readonly model: Model }> {
  let best = { stage, found: await smallerOf(stage, found, differ) }
  for (;;) {
    const next = await inSmallerModel(best.stage.model, best.found.operation, differ)
    if (next === null) return { ...best.found, model: best.stage.model }
    best = { stage: next.stage, found: await smallerOf(next.stage, next.found, differ) }
  }
}

async function smallerOf(stage: Stage, found: Found, differ: Differ): Promise<Found> {
  for (const query of smallerOperations(found.operation.query)) {
    if (query === found.operation.query || !isValid(stage.monolith, query)) continue
    const operation = { ...found.operation, query }
    const difference = await differ(stage, operation)
    if (difference !== null) return smallerOf(stage, { operation, difference }, differ)
  }
  return found
}

async function inSmallerModel(
  model: Model,
  operation: RandomOperation,
  differ: Differ,
): Promise<{ readonly stage: Stage; readonly found: Found } | null> {
  for (const smaller of smallerModels(model)) {
    const stage = stageFor(smaller, operation)
    const difference = stage && (await differ(stage, operation))
    if (stage && difference) return { stage, found: { operation, difference } }
  }
  return null
}

/** The stage of a model that composes and has all that the operation asks for. */
function stageFor(model: Model, { query }: RandomOperation): Stage | null {
  try {
    return isValid(buildSchema(apiSdl(model)), query) ? stageOf(model) : null
  } catch {
    return null
  }
}
