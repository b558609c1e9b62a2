import { Kind, parse, print, visit, type DocumentNode } from 'graphql'
import { difference } from './compare.js'
import { Dice } from './dice.js'
import { makeModel } from './make-model.js'
import { OperationMaker, type RandomOperation } from './operation.js'
import { isValid, stageOf, type Stage } from './stage.js'

/** An operation that was answered otherwise than by the one schema, made as small as it could be. */
export interface Finding {
  readonly seed: number
  readonly operation: RandomOperation
  readonly difference: string
}

/** How a run went. */
export interface Outcome {
  readonly graphs: number
  readonly operations: number
  readonly findings: readonly Finding[]
}

/** Answers at least `operations` random operations, ten on each random graph, in two ways. Stops after `mostFindings`. */
export async function differential(seed: number, operations: number, mostFindings = 1): Promise<Outcome> {
  const findings: Finding[] = []
  let [graphs, asked] = [0, 0]
  for (let at = seed; asked < operations && findings.length < mostFindings; at++) {
    const stage = composedStage(at)
    if (stage === null) continue
    graphs++
    const dice = new Dice(at * 7 + 1)
    const maker = new OperationMaker(stage.monolith, dice)
    for (let one = 0; one < 10 && findings.length < mostFindings; one++) {
      const operation = validOperation(maker, stage)
      if (operation === null) continue
      asked++
      const found = await differs(stage, operation)
      if (found !== null) findings.push({ seed: at, ...(await shrunk(stage, operation, found)) })
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

/** Takes away one selection after the other as long as the answers still differ. */
async function shrunk(
  stage: Stage,
  operation: RandomOperation,
  found: string,
): Promise<{ operation: RandomOperation; difference: string }> {
  let best = { operation, difference: found }
  for (let again = true; again;) {
    again = false
    for (const query of smaller(best.operation.query)) {
      if (query === best.operation.query || !isValid(stage.monolith, query)) continue
      const candidate = { ...best.operation, query }
      const still = await differs(stage, candidate)
      if (still === null) continue
      best = { operation: candidate, difference: still }
      again = true
      break
    }
  }
  return best
}

/** The document without one of its parts, for each of them; what the cut leaves empty or unused goes too. */
function* smaller(query: string): Generator<string> {
  const document = parse(query, { noLocation: true })
  let nodes = 0
  visit(document, {
    enter() {
      nodes++
    },
  })
  for (let target = 1; target < nodes; target++) {
    const cut = without(document, target)
    if (cut !== null && cut.definitions.length > 0) yield print(cut)
  }
}

const CUTTABLE: ReadonlySet<string> = new Set([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.FRAGMENT_DEFINITION,
  Kind.OPERATION_DEFINITION,
  Kind.DIRECTIVE,
  Kind.ARGUMENT,
])

function without(document: DocumentNode, target: number): DocumentNode | null {
  let at = -1
  const done = { is: false }
  const cut = visit(document, {
    enter(node) {
      at++
      if (at !== target) return undefined
      if (!CUTTABLE.has(node.kind)) return undefined
      done.is = true
      return null
    },
  })
  return done.is ? tidied(cut) : null
}

/** Without what is empty or unused. */
function tidied(document: DocumentNode): DocumentNode {
  const defined = new Set<string>()
  const [spread, used] = [new Set<string>(), new Set<string>()]
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) defined.add(one.name.value)
  visit(document, {
    FragmentSpread: ({ name }) => void spread.add(name.value),
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  })
  const changed = { is: false }
  const gone = (isGone: boolean): null | undefined => {
    changed.is ||= isGone
    return isGone ? null : undefined
  }
  const tidy = visit(document, {
    Field: { leave: ({ selectionSet }) => gone(selectionSet?.selections.length === 0) },
    InlineFragment: { leave: ({ selectionSet }) => gone(selectionSet.selections.length === 0) },
    FragmentDefinition: {
      leave: ({ name, selectionSet }) => gone(!spread.has(name.value) || selectionSet.selections.length === 0),
    },
    FragmentSpread: ({ name }) => gone(!defined.has(name.value)),
    VariableDefinition: ({ variable }) => gone(!used.has(variable.name.value)),
    OperationDefinition: { leave: ({ selectionSet }) => gone(selectionSet.selections.length === 0) },
  })
  return changed.is ? tidied(tidy) : tidy
}
