import { runInThisContext } from 'node:vm'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { part } from '../../support/ask-federated.js'
import { federated } from '../../support/federated.js'
import { differs } from './differential.js'
import { Dice } from './dice.js'
import { makeModel } from './make-model.js'
import { OperationMaker, type RandomOperation } from './operation.js'
import { printCase } from './print-case.js'
import { shrunk, type Differ } from './shrink.js'
import { isValid, stageOf, type Stage } from './stage.js'
import { fieldsOf } from './walk-model.js'

const SEEDS = [3, 5, 8]

/** The first operations of a seed for which two subgraphs are asked. */
async function wideOperation(stage: Stage, seed: number): Promise<RandomOperation> {
  const maker = new OperationMaker(stage.monolith, new Dice(seed))
  for (let attempt = 0; attempt < 200; attempt++) {
    const operation = maker.make()
    if (isValid(stage.monolith, operation.query) && (await asksSeveral(stage, operation)) !== null) return operation
  }
  throw new Error('no operation asks two subgraphs')
}

const asksSeveral: Differ = async ({ federated: graph }, { query, variables, operationName }) => {
  graph.sent.length = 0
  await graph.ask(query, variables, operationName)
  const names = new Set(graph.sent.map(({ subgraph }) => subgraph))
  return names.size > 1 ? `${names.size} are asked` : null
}

/** Runs the text of a case as it would run where it is pasted. */
async function run(text: string): Promise<void> {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } })
  const ran: Promise<void>[] = []
  // What the text makes is the function whose parameters stand right here.
  const pasted = runInThisContext(`(it, expect, federated, part) => { ${outputText} }`) as (...all: unknown[]) => void
  pasted((_: string, body: () => Promise<void>) => ran.push(body()), expect, federated, part)
  expect(ran).toHaveLength(1)
  await Promise.all(ran)
}

describe('a finding', () => {
  it('is made small, its operation and its graph', async () => {
    const stage = stageOf(makeModel(3))
    const found = { operation: await wideOperation(stage, 3), difference: '' }
    const { model, operation, difference } = await shrunk(stage, found, asksSeveral)
    expect(difference).toBe('2 are asked')
    expect(model.subgraphs).toHaveLength(2)
    expect(fieldsOf(model).length).toBeLessThanOrEqual(3)
    expect(operation.query.match(/f\d+/g)?.length).toBeLessThanOrEqual(3)
  })

  it('is printed as a case that runs where it is pasted', async () => {
    for (const seed of SEEDS) {
      const stage = stageOf(makeModel(seed))
      const operation = await wideOperation(stage, seed)
      expect(await differs(stage, operation)).toBeNull()
      await run(await printCase({ model: stage.model, operation, difference: 'none' }))
    }
  })
})
