import type { AccessRequirement } from './access-rules.js'

/** Beyond so many combinations nothing is proven, and what is not proven is not left out. */
const MOST_COMBINATIONS = 1_000

/** Whether somebody who has all of `said` has the requirement too. */
export function impliedByAll(said: readonly AccessRequirement[], requirement: AccessRequirement | undefined): boolean {
  if (requirement === undefined) return false
  if (requirement.kind === 'authenticated') return said.some(({ kind }) => kind === 'authenticated')
  const combined = combinations(said.flatMap((one) => (one.kind === requirement.kind ? [one.any] : [])))
  return combined?.every((has) => requirement.any.some((all) => all.every((name) => has.includes(name)))) ?? false
}

/** An AND of ORs of ANDs as one OR of ANDs; null when there is nothing, or too much. */
function combinations(factors: readonly (readonly (readonly string[])[])[]): readonly (readonly string[])[] | null {
  if (factors.length === 0) return null
  let combined: readonly (readonly string[])[] = [[]]
  for (const any of factors) {
    if (combined.length * any.length > MOST_COMBINATIONS) return null
    combined = combined.flatMap((has) => any.map((all) => [...has, ...all]))
  }
  return combined
}
