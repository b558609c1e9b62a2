import { fields, list, misread, text, whole } from '../../../platform/decode.js'
import type { Fact } from '../connector.js'

/** An account's consent: a token, for how long, and whose. */
export interface Consent {
  readonly token: string
  readonly seconds: number
  readonly uid: string
}

/** A post as the network shows it. */
export interface SeenPost {
  readonly mid: string
  readonly text: string
}

/** The figures of a post. */
export interface Figures {
  readonly mid: string
  readonly reposts: number
  readonly comments: number
  readonly likes: number
}

/** What a refusal of the network means to us. */
export type Meaning =
  'again' | 'resting-account' | 'resting-address' | 'writing-too-fast' | 'late' | 'repeated' | 'unbound' | 'refused'

const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  ...meaning('again', 10001, 10002, 10003, 10009, 10010, 10011),
  ...meaning('resting-address', 10004, 10022),
  ...meaning('resting-account', 10023),
  ...meaning('writing-too-fast', 10024, 20016),
  ...meaning('late', 20032),
  ...meaning('repeated', 20017, 20019, 20111),
  ...meaning('unbound', 21301, 21314, 21315, 21316, 21317, 21319, 21327, 21332),
])

/** Numbers that nobody has told us of are plain refusals. */
export function meaningOf(code: number): Meaning {
  return MEANINGS.get(code) ?? 'refused'
}

/** The number and the words of a refusal, or null where the answer is none. The number comes as a number or as a text. */
export function refusalIn(answer: unknown): { readonly code: number; readonly words: string } | null {
  if (typeof answer !== 'object' || answer === null || !('error_code' in answer)) return null
  const it = fields(answer, 'answer')
  const code = Number(it['error_code'])
  const words = typeof it['error'] === 'string' ? it['error'].slice(0, 200) : 'no reason given'
  return { code: Number.isSafeInteger(code) ? code : 0, words }
}

export function consent(answer: unknown): Consent {
  const it = fields(answer, 'answer')
  return {
    token: text(it['access_token'], 'access_token', { most: 500 }),
    seconds: whole(it['expires_in'], 'expires_in', { least: 1 }),
    uid: idText(it['uid'], 'uid'),
  }
}

/** `id` was seen rounded in the network's own documentation: only `idstr` and `mid` are believed. */
export function seenPost(answer: unknown): SeenPost {
  const it = fields(answer, 'status')
  return { mid: idText(it['idstr'] ?? it['mid'], 'status.idstr'), text: text(it['text'], 'status.text', { least: 0 }) }
}

/** The newest post of an account; null when it has none. */
export function newestPost(answer: unknown): SeenPost | null {
  const status = fields(answer, 'user')['status']
  return status === undefined || status === null ? null : seenPost(status)
}

/** Figures come with a number as id only: it was read exactly, so its digits are right. Who is left out is left out. */
export function figures(answer: unknown): readonly Figures[] {
  return list(answer, 'counts', (value, place) => {
    const it = fields(value, place)
    return {
      mid: idText(it['id'], `${place}.id`),
      reposts: amount(it['reposts'], `${place}.reposts`),
      comments: amount(it['comments'], `${place}.comments`),
      likes: amount(it['attitudes'] ?? it['likes'], `${place}.attitudes`),
    }
  })
}

/** Figures as facts: the time of asking is the version, since the network gives none. */
export function figureFacts(asked: readonly string[], found: readonly Figures[], at: Date): readonly Fact[] {
  const byMid = new Map(found.map((figure) => [figure.mid, figure]))
  return asked.map((mid) => ({
    key: `post:${mid}`,
    version: at.getTime(),
    body: byMid.get(mid) ?? { mid, missing: true },
  }))
}

function idText(value: unknown, place: string): string {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits)) throw misread(place, 'an id of digits', value)
  return digits
}

/** The business form writes figures as texts. */
function amount(value: unknown, place: string): number {
  return whole(typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value, place, { least: 0 })
}

function meaning(is: Meaning, ...codes: readonly number[]): readonly (readonly [number, Meaning])[] {
  return codes.map((code) => [code, is])
}
