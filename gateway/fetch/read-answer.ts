import { textOf } from '../../platform/http/text-of.js'
import { Failure } from '../../platform/failure.js'
import type { SubgraphAnswer } from './ask-subgraph.js'

/** What an HTTP answer, unpacked, must have before its bytes are believed to be a GraphQL answer. */
export interface RawAnswer {
  readonly status: number
  readonly contentType: string | null
  readonly body: Buffer
}

/** status -> content type -> text -> JSON -> an object with data or errors. A stranger's bytes: each step may refuse, none may throw anything but a `Failure`. */
export function readAnswer(subgraph: string, raw: RawAnswer): SubgraphAnswer {
  if (raw.status >= 300 && raw.status < 400) throw unavailable(subgraph, `answered with a redirect (${raw.status})`)
  const answer = isJson(raw) ? parsed(raw.body) : undefined
  if (answer !== undefined) return answer
  if (raw.status < 200 || raw.status >= 300) throw unavailable(subgraph, `answered with status ${raw.status}`)
  throw malformed(subgraph)
}

/** The subgraph cannot be reached, or says itself that it cannot answer. */
export function unavailable(subgraph: string, why: string, cause?: unknown): Failure {
  return new Failure('SUBGRAPH_UNAVAILABLE', `subgraph ${subgraph} ${why}`, { cause })
}

/** What came is no GraphQL answer. */
export function malformed(subgraph: string): Failure {
  return new Failure('SUBGRAPH_MALFORMED', `subgraph ${subgraph} did not answer with GraphQL's JSON`)
}

function isJson({ contentType }: RawAnswer): boolean {
  if (contentType === 'application/json') return true
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  return type === 'application/json' || type === 'application/graphql-response+json'
}

/** The answer, or undefined when the bytes are none. */
function parsed(body: Buffer): SubgraphAnswer | undefined {
  const text = textOf(body)
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isAnswer(value) ? value : undefined
  } catch {
    return undefined // not JSON
  }
}

/** An object that says `data` or `errors`; the rest is the engine's to read. */
export function isAnswer(value: unknown): value is SubgraphAnswer {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.hasOwn(value, 'data') || Object.hasOwn(value, 'errors')
}
