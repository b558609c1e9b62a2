import type { PartFormat } from '../../../gateway/project/part-forms.js'
import { assembled, lostPlaces, type Assembled, type Part } from '../../support/assemble.js'
import { nobody } from '../../support/federated.js'
import { difference } from './compare.js'
import { promptly } from './promptly.js'
import type { RandomOperation } from './operation.js'
import type { Stage } from './stage.js'

const FORMATS: readonly PartFormat[] = ['deferSpec=20220824', 'incrementalSpec=v0.2']

/** What is different when this operation with `@defer` is answered in parts, in each form. */
export async function differsInParts(stage: Stage, operation: RandomOperation): Promise<string | null> {
  const { query, variables, operationName } = operation
  for (const format of FORMATS)
    for (let time = 0; time < 2; time++) {
      stage.reset()
      const parts = await partsFor(stage, operation, format)
      stage.reset()
      const expected = await stage.expected(query, variables, operationName)
      if (parts === null) {
        stage.reset()
        const found = difference(await stage.federated.ask(query, variables, operationName), expected)
        if (found !== null) return found
        continue
      }
      const found = await misfit(stage, operation, parts)
      if (found !== null) return `${format}: ${found}\n  parts: ${JSON.stringify(parts, null, 1)}`
    }
  return null
}

async function partsFor(
  { federated }: Stage,
  { query: text, variables, operationName }: RandomOperation,
  format: PartFormat,
): Promise<readonly Part[] | null> {
  const answer = federated.engine.answerInParts({ text, variables, operationName, context: nobody }, format)
  if (answer === null) return null
  const parts: Part[] = []
  for (let part = await answer.next(); part !== null; part = await answer.next()) parts.push(JSON.parse(part) as Part)
  return parts
}

/** What the parts make together must be what there is; and whatever of that is missing, an error has to tell. */
async function misfit(
  stage: Stage,
  { query, variables, operationName }: RandomOperation,
  parts: readonly Part[],
): Promise<string | null> {
  let whole: Assembled
  try {
    whole = assembled(parts)
  } catch (error) {
    return error instanceof Error ? error.message : 'the parts do not fit'
  }
  const all = async (text: string): Promise<Assembled> => {
    stage.reset()
    return JSON.parse(JSON.stringify(await stage.unbroken(text, variables, operationName))) as Assembled
  }
  const [there, prompt] = [await all(query), await all(promptly(query))]
  return shortcoming({ ours: whole, there, prompt: prompt.data, lost: lostPlaces(parts) })
}

/** What came in parts, beside what there is. */
export interface InParts {
  readonly ours: Assembled
  readonly there: { readonly data: unknown; readonly errors?: Assembled['errors'] }
  /** What no part may take along: all that is asked outside of `@defer`. */
  readonly prompt: unknown
  /** Where parts were to come of which there is nothing. */
  readonly lost: readonly Path[]
}

type Path = readonly (string | number)[]

/** What is other than it is, or missing without an error that says why; null when nothing is. */
export function shortcoming({ ours, there, prompt, lost }: InParts): string | null {
  const isLost = (path: Path): boolean => valueAt(prompt, path) === undefined && lost.some((one) => isWithin(path, one))
  const unlike = (own: unknown, its: unknown, path: Path): string | null => {
    if (own === null || own === undefined) {
      const isFault = (its !== null || isExplained(path, there.errors)) && !isLost(path)
      return isFault && !isExplained(path, ours.errors) ? `${path.join('.')} is missing, and no error says why` : null
    }
    if (typeof own !== 'object' || typeof its !== 'object' || its === null)
      return own === its ? null : `${path.join('.')} is ${JSON.stringify(own)} and not ${JSON.stringify(its)}`
    for (const key of new Set([...Object.keys(own), ...Object.keys(its)])) {
      const step = Array.isArray(its) ? Number(key) : key
      const found = unlike(valueAt(own, [key]), valueAt(its, [key]), [...path, step])
      if (found !== null) return found
    }
    return null
  }
  return unlike(ours.data, there.data, [])
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (it, step) =>
      typeof it === 'object' && it !== null && Object.hasOwn(it, step)
        ? (it as Record<string | number, unknown>)[step]
        : undefined,
    value,
  )
}

/** Does an error stand there, above or below, or beside it in the same object, whose fragment it takes along? */
function isExplained(path: Path, errors: Assembled['errors'] | undefined): boolean {
  return (errors ?? []).some(({ path: at = [] }) => {
    const shared = at.findIndex((step, index) => step !== path[index])
    const common = shared === -1 ? at.length : shared
    return common >= path.length - 1 || common === at.length
  })
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((step, at) => path[at] === step)
}
