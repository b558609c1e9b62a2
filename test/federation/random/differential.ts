import { difference } from './compare.js'
import { Dice } from './dice.js'
import { makeModel } from './make-model.js'
import { differsInParts } from './in-parts.js'
import { OperationMaker, type RandomOperation } from './operation.js'
import type { Model } from './model.js'
import { shrunk } from './shrink.js'
import { isValid, stageOf, type Stage } from './stage.js'

/** An operation that was answered otherwise than by the one schema; it and its graph are made as small as they could be. */
export interface Finding {
  /** `--seed` of it `--operations 1` comes upon it again. */
  readonly seed: number
  readonly model: Model
  readonly operation: RandomOperation
  readonly difference: string
}

/** How a run went. */
export interface Outcome {
  readonly graphs: number
  readonly operations: number
  readonly findings: readonly Finding[]
}

/** In which ways operations are answered: whole, or with `@defer` in parts. */
export interface Ways {
  readonly mostFindings?: number
  readonly defers?: boolean
  /** Hears of each operation before it is asked. */
  readonly onAsk?: (stage: Stage, operation: RandomOperation) => void
  readonly onFinding?: (finding: Finding) => void
}

/** How many operations a graph is asked: to compose it costs as much as forty. */
const OF_EACH_GRAPH = 20

/** Answers at least `operations` random operations on random graphs in two ways. Stops after `mostFindings`. */
export async function differential(
  seed: number,
  operations: number,
  { mostFindings = 1, defers = false, onAsk, onFinding }: Ways = {},
): Promise<Outcome> {
  const differ = defers ? differsInParts : differs
  const findings: Finding[] = []
  let [graphs, asked] = [0, 0]
  for (let at = seed; asked < operations && findings.length < mostFindings; at++) {
    const stage = composedStage(at)
    if (stage === null) continue
    graphs++
    const dice = new Dice(at * 7 + 1)
    const maker = new OperationMaker(stage.monolith, dice, defers)
    for (let one = 0; one < OF_EACH_GRAPH && findings.length < mostFindings; one++) {
      const operation = validOperation(maker, stage)
      if (operation === null) continue
      if (defers && !operation.query.includes('@defer')) continue
      asked++
      onAsk?.(stage, operation)
      const found = await differ(stage, operation)
      if (found === null) continue
      const finding = { seed: at, ...(await shrunk(stage, { operation, difference: found }, differ)) }
      findings.push(finding)
      onFinding?.(finding)
    }
  }
  return { graphs, operations: asked, findings }
}

/** The stage of a seed; null when its model does not compose, which is no fault of the engine. */
export function composedStage(seed: number): Stage | null {
  try {
    return stageOf(makeModel(seed))
  } catch {
    return null
  }
}

/** What is different when this operation is answered in both ways. */
export async function differs(
  stage: Stage,
  { query, variables, operationName }: RandomOperation,
): Promise<string | null> {
  stage.reset()
  const expected = await stage.expected(query, variables, operationName)
  const answer = await stage.federated.ask(query, variables, operationName)
  const found = difference(answer, expected)
  if (found !== null) return found
  // The second time the compiled form writes the answer.
  stage.reset()
  const again = await stage.federated.ask(query, variables, operationName)
  return JSON.stringify(again) === JSON.stringify(answer) ? null : `the second answer is ${JSON.stringify(again)}`
}

function validOperation(maker: OperationMaker, stage: Stage): RandomOperation | null {
  for (let attempt = 0; attempt < 20; attempt++) {
    const operation = maker.make()
    if (isValid(stage.monolith, operation.query)) return operation
  }
  return null
}
