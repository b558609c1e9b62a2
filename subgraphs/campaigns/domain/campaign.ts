import { fields, instant, list, maybe, text, whole } from '../../../platform/decode.js'
import type { CampaignState } from '../../../schema/events/campaigns.js'
import { money, type Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'

/** Which state follows which; a campaign never goes back. */
export const MOVES: Readonly<Record<CampaignState, readonly CampaignState[]>> = {
  DRAFT: ['OPEN'],
  OPEN: ['FROZEN'],
  FROZEN: ['CLOSED'],
  CLOSED: [],
}

/** What the holder of one rank wins. */
export interface Prize {
  readonly rank: number
  readonly plusYears: number
  readonly eCard: Money
}

/** A campaign as its team drafts it. */
export interface Draft {
  readonly title: string
  readonly rule: string
  /** From when purchases count; null: from its opening. */
  readonly opensAt: Date | null
  readonly closesAt: Date
  /** How long after a click a purchase still counts. */
  readonly windowHours: number
  readonly prizes: readonly Prize[]
}

/** The written rule, unless the team words it otherwise. */
export const STANDARD_RULE =
  'One point for each order line that was paid and not given back, sold through an exclusive link of the influencer. ' +
  "The visitor's last click on a link to that product decides, if it is not older than the window. " +
  'Own purchases never count. Of two with equal points the one who had them first is ahead.'

/** 15 days, as affiliates commonly grant. */
const STANDARD_WINDOW_HOURS = 360

/** Reads a draft from outside; prizes are for different ranks, and the end is after the beginning. */
export function draft(value: unknown): Draft {
  const it = fields(value, 'input')
  const read: Draft = {
    title: text(it['title'], 'title', { most: 100 }).trim(),
    rule: maybe(it['rule'], 'rule', (rule, place) => text(rule, place, { most: 2000 })) ?? STANDARD_RULE,
    opensAt: maybe(it['opensAt'], 'opensAt', instant),
    closesAt: instant(it['closesAt'], 'closesAt'),
    windowHours: maybe(it['windowHours'], 'windowHours', hours) ?? STANDARD_WINDOW_HOURS,
    prizes: list(it['prizes'], 'prizes', prize, { most: 20 }),
  }
  if (read.title === '') throw wrong('title', 'a title says something')
  if (read.opensAt !== null && read.opensAt >= read.closesAt)
    throw wrong('closesAt', 'a campaign closes after it opens')
  if (new Set(read.prizes.map(({ rank }) => rank)).size < read.prizes.length)
    throw wrong('prizes', 'there is one prize for a rank')
  return read
}

function prize(value: unknown, place: string): Prize {
  const it = fields(value, place)
  const read: Prize = {
    rank: whole(it['rank'], `${place}.rank`, { least: 1, most: 1000 }),
    plusYears: whole(it['plusYears'], `${place}.plusYears`, { least: 0, most: 1000 }),
    eCard: money(it['eCard'], `${place}.eCard`),
  }
  if (read.eCard.amountMinor < 0) throw wrong(`${place}.eCard`, 'a prize takes nothing away')
  if (read.plusYears === 0 && read.eCard.amountMinor === 0) throw wrong(place, 'a prize is worth something')
  return read
}

function hours(value: unknown, place: string): number {
  return whole(value, place, { least: 1, most: 24 * 366 })
}

function wrong(place: string, message: string): Error {
  return refuse('BAD_USER_INPUT', message, { details: { place } })
}
