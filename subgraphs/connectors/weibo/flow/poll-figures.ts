import { fields, json, maybe, text, whole } from '../../../../platform/decode.js'
import { refuse } from '../../../../schema/refuse.js'
import type { Found, Poll } from '../../connector.js'
import { later } from '../../errands.js'
import { WeiboSaysNo } from '../client.js'
import { countAccounts, loseToken, restAccount, spendCall, type AccountRow } from '../store/accounts.js'
import { countMids, midsAfter } from '../store/posts.js'
import { figureFacts, type Figures } from '../translate.js'
import { MOST_IDS, sweepEveryMs } from './pace.js'
import { tokenOf, type Parts } from './parts.js'

/** How long a refusal for asking too much is believed. */
const ACCOUNT_RESTS_MS = 3_600_000
const ADDRESS_RESTS_MS = 600_000

/** How many accounts one question is tried with. */
const MOST_ACCOUNTS = 3

/** Where a sweep stands: when it began, and after which post it goes on; null between two sweeps. */
interface Place {
  readonly begunAt: number
  readonly after: string | null
}

/** Sweeps over all posts, a hundred a question, no faster than the quotas allow, each question by the account that asked least. */
export function figuresPoll(parts: Parts): Poll {
  const { db, clock, config } = parts
  let addressRestsUntil = 0
  return { name: 'figures', everyMs: config.pollMs, since }

  async function since(cursor: string | null): Promise<Found> {
    const now = clock.now()
    const place = await begun(readPlace(cursor), now)
    if (place.after === null || now.getTime() < addressRestsUntil) return stay(place)
    const mids = await midsAfter(db, place.after, MOST_IDS)
    if (mids.length === 0) return stay({ ...place, after: null })
    const found = await asked(mids)
    if (found === null) return stay(place)
    const more = mids.length === MOST_IDS
    const next = { ...place, after: more ? (mids.at(-1) ?? null) : null }
    return { facts: figureFacts(mids, found, now), cursor: JSON.stringify(next), more }
  }

  /** Begins a sweep when the one before is long enough ago. */
  async function begun(place: Place, now: Date): Promise<Place> {
    if (place.after !== null) return place
    const [posts, accounts] = [await countMids(db), await countAccounts(db, now)]
    const isDue = now.getTime() - place.begunAt >= sweepEveryMs({ ...config, posts, accounts })
    return posts > 0 && accounts > 0 && isDue ? { begunAt: now.getTime(), after: '' } : place
  }

  /** Null when nobody may ask now. */
  async function asked(mids: readonly string[]): Promise<readonly Figures[] | null> {
    for (let tried = 0; tried < MOST_ACCOUNTS; tried++) {
      const account = await spendCall(db, { now: clock.now(), most: config.callsPerDay })
      const token = tokenOf(parts, account)
      if (account === null || token === null) return null
      const found = await answer(account, token, mids)
      if (found !== 'another') return found
    }
    return null
  }

  async function answer(
    { uid }: AccountRow,
    token: string,
    mids: readonly string[],
  ): Promise<readonly Figures[] | null | 'another'> {
    try {
      return await parts.client.figures(token, mids)
    } catch (error) {
      if (!(error instanceof WeiboSaysNo)) throw error
      return await refused(uid, error)
    }
  }

  /** Its answer is believed, not what it says is left: seen there were 150 left and a refusal at the same time. */
  async function refused(uid: string, no: WeiboSaysNo): Promise<null | 'another'> {
    const now = clock.now()
    if (no.meaning === 'resting-account') await restAccount(db, uid, later(now, ACCOUNT_RESTS_MS))
    else if (no.meaning === 'unbound') await loseToken(db, uid)
    else if (no.meaning === 'resting-address') addressRestsUntil = now.getTime() + ADDRESS_RESTS_MS
    else throw refuse('PARTNER_UNAVAILABLE', no.message, { cause: no })
    return no.meaning === 'resting-address' ? null : 'another'
  }
}

function stay(place: Place): Found {
  return { facts: [], cursor: JSON.stringify(place), more: false }
}

function readPlace(cursor: string | null): Place {
  if (cursor === null) return { begunAt: 0, after: null }
  const it = fields(json(cursor, 'cursor'), 'cursor')
  return {
    begunAt: whole(it['begunAt'], 'cursor.begunAt'),
    after: maybe(it['after'], 'cursor.after', (value, place) => text(value, place, { least: 0, most: 30 })),
  }
}
