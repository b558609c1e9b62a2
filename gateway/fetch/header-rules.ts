import { Failure } from '../../platform/failure.js'
import type { FetchContext } from './ask-subgraph.js'

/** Which headers of the client go down. Nothing that is not named does, but for the token. */
export interface HeaderSettings {
  /** To every subgraph. */
  readonly headers: readonly string[]
  /** Beside them, to a subgraph by its name. */
  readonly headersOf: Readonly<Record<string, readonly string[]>>
  /** Subgraphs that do not get the client's token: somebody else's, who has no business with it. */
  readonly withoutToken: readonly string[]
}

/** What those rules come to. */
export interface HeaderRules {
  /** All that any subgraph may get, in lower case: what is read of a request. */
  readonly names: readonly string[]
  /** The headers of a request that go to a subgraph, with the token where it may have it. */
  readonly of: (subgraph: string, context: FetchContext) => Record<string, string>
  /** Whether a subgraph gets nothing at all of whoever asks: then its answers cannot depend on who it is. */
  readonly tellNothing: (subgraph: string) => boolean
}

/** RFC 9110, "Connection": they speak of one connection, and end with it. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** What we say ourselves of each request that we make. */
const OURS = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'traceparent',
  'tracestate',
  'x-daihuo-signature',
  'x-daihuo-time',
  'x-request-id',
  'x-timeout-ms',
]

const NEVER = new Set([...HOP_BY_HOP, ...OURS])
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

/** Reads the settings; wrong ones are refused: a header that never goes down must not look as if it did. */
export function headerRules({ headers, headersOf, withoutToken }: HeaderSettings): HeaderRules {
  const forAll = headers.map(passable)
  const own = new Map(Object.entries(headersOf).map(([subgraph, names]) => [subgraph, names.map(passable)]))
  const namesOf = new Map([...own].map(([subgraph, names]) => [subgraph, [...new Set([...forAll, ...names])]]))
  const tokenless = new Set(withoutToken)
  return {
    tellNothing: (subgraph) => tokenless.has(subgraph) && (namesOf.get(subgraph) ?? forAll).length === 0,
    names: [...new Set([...forAll, ...[...own.values()].flat()])],
    of(subgraph, { authorization, carried }) {
      const given: Record<string, string> = {}
      if (authorization !== null && !tokenless.has(subgraph)) given['authorization'] = authorization
      const brought = carried?.headers
      if (brought == null) return given
      for (const name of namesOf.get(subgraph) ?? forAll) {
        const value = brought[name]
        if (value !== undefined) given[name] = value
      }
      return given
    },
  }
}

/** The token to everybody, and nothing else. */
export const ONLY_THE_TOKEN: HeaderRules = headerRules({ headers: [], headersOf: {}, withoutToken: [] })

function passable(header: string): string {
  const name = header.toLowerCase()
  if (!NAME.test(name)) throw new Failure('SETTINGS_WRONG', `fetch.headers: ${JSON.stringify(header)} is no header`)
  if (NEVER.has(name)) throw new Failure('SETTINGS_WRONG', `fetch.headers: ${name} is never passed on`)
  return name
}
