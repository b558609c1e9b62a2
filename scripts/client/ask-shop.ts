import { call } from '../../platform/http/call.js'
import { fields, json, list, maybe, text } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Ask, Reply } from '../../schema/ask.js'

/** Where a running shop is, and whose token goes with each question. */
export interface ShopAddress {
  /** The endpoint itself, with its path: `http://localhost:4000/graphql`. */
  readonly url: string
  readonly token: string | null
  readonly timeoutMs?: number
}

const MOST_BYTES = 64 * 1_048_576

/** Asks a running shop over HTTP. Nobody there, or an answer that is none, is a `Failure`; errors in the answer are the caller's. */
export function askShop({ url, token, timeoutMs = 60_000 }: ShopAddress): Ask {
  const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) }
  return async (question) => {
    const { status, body } = await call({
      url,
      method: 'POST',
      headers,
      body: JSON.stringify(question),
      timeoutMs,
      mostBytes: MOST_BYTES,
    })
    const answer = readReply(json(body.toString('utf8'), 'the answer'))
    if (status === 401) throw new Failure('UNAUTHENTICATED', answer.errors[0]?.message ?? 'the token was refused')
    return answer
  }
}

/** Reads `{ data, errors }`; an error without a code has the code of a fault. */
export function readReply(value: unknown): Reply {
  const it = fields(value, 'the answer')
  const errors = maybe(it['errors'], 'errors', (errors, place) => list(errors, place, readError)) ?? []
  return { data: it['data'] ?? null, errors }
}

function readError(value: unknown, place: string): Reply['errors'][number] {
  const it = fields(value, place)
  const extensions = maybe(it['extensions'], `${place}.extensions`, fields)
  return {
    message: text(it['message'], `${place}.message`, { least: 0, most: 100_000 }),
    code: maybe(extensions?.['code'], `${place}.code`, text) ?? 'INTERNAL_SERVER_ERROR',
  }
}
