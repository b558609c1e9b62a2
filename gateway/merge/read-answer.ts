import { FAILURES } from '../../schema/failures.js'
import type { SubgraphAnswer } from '../fetch/ask-subgraph.js'
import { thing, type Thing } from './tree.js'

/** An error of a subgraph, as far as it may be told. */
export interface ReadError {
  readonly code: string
  readonly message: string
  readonly path: readonly (string | number)[]
}

/** An answer that has the form of one. */
export interface ReadAnswer {
  readonly data: Thing | null
  readonly errors: readonly ReadError[]
}

/** How much of a subgraph's own words a client sees: `known` is only what bears a code of ours. */
export type Telling = 'known' | 'all'

/** The decoder of subgraphs' answers; null for what is no answer. */
export function readAnswer(answer: SubgraphAnswer, telling: Telling): ReadAnswer | null {
  const it: Thing | null = thing(answer)
  if (it === null) return null
  const { data, errors } = answer
  if (data !== undefined && data !== null && thing(data) === null) return null
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return null
  const read = Array.isArray(errors) ? errors.map((error) => readError(error, telling)) : []
  const inner = thing(data)
  return inner === null && read.length === 0 ? null : { data: inner, errors: read }
}

/** Codes that speak of the question which we wrote, or of nothing: what stands beside them is an inside. */
const INSIDE: ReadonlySet<string> = new Set([
  'INTERNAL_SERVER_ERROR',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
])

function readError(error: unknown, telling: Telling): ReadError {
  const it = thing(error)
  const code = it && thing(it['extensions'])?.['code']
  const message = it?.['message']
  const path = it?.['path']
  const known = typeof code === 'string' && (telling === 'all' || (Object.hasOwn(FAILURES, code) && !INSIDE.has(code)))
  const told = typeof message === 'string' && (known || telling === 'all')
  return {
    code: known ? code : 'INTERNAL_SERVER_ERROR',
    message: told ? message : FIELD_FAILED,
    path: Array.isArray(path) ? path.filter((one) => typeof one === 'string' || typeof one === 'number') : [],
  }
}

/** What is told of a fault whose own text is an inside. */
export const FIELD_FAILED = 'This field could not be answered.'
