import type { ExecutionResult } from 'graphql'
import type { TestAnswer } from '../../support/federated.js'

/** What is different between an answer and what was expected; null when nothing is. */
export function difference(answer: TestAnswer, expected: ExecutionResult): string | null {
  if (expected.data === undefined) return answer.data === undefined ? null : 'expected a refusal'
  const [ours, theirs] = [JSON.stringify(answer.data), JSON.stringify(expected.data)]
  if (ours !== theirs)
    return `data\n  ours:     ${ours}\n  expected: ${theirs}\n  our errors: ${JSON.stringify(answer.errors)}`
  const places = nulls(expected.data)
  for (const place of places) {
    const [told, wanted] = [isTold(place, answer.errors), isTold(place, expected.errors)]
    if (told !== wanted)
      return `the null at ${place.join('.')} is ${told ? '' : 'not '}explained\n  ours: ${JSON.stringify(answer.errors)}\n  expected: ${JSON.stringify(expected.errors)}`
  }
  return null
}

type Path = readonly (string | number)[]

function nulls(value: unknown, path: Path = []): Path[] {
  if (value === null) return [path]
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, one]) => nulls(one, [...path, Array.isArray(value) ? Number(key) : key]))
}

function isTold(place: Path, errors: readonly { readonly path?: Path | undefined }[] | undefined): boolean {
  return (errors ?? []).some(({ path }) => path !== undefined && place.every((step, at) => path[at] === step))
}
