import { describe, expect, it } from 'vitest'
import { CAMPAIGN_STATES } from '../../../schema/events/campaigns.js'
import { isBot } from './bot.js'
import { MOVES } from './campaign.js'
import { byRank, proofOf, ranked } from './rank.js'

describe('the states of a campaign', () => {
  it('can all be reached from a draft, and all but the last be left', () => {
    const reached = new Set(['DRAFT', ...Object.values(MOVES).flat()])
    expect([...reached].sort()).toEqual([...CAMPAIGN_STATES].sort())
    expect(CAMPAIGN_STATES.filter((state) => MOVES[state].length === 0)).toEqual(['CLOSED'])
  })
})

describe('the order of ranks', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 11, 12, minute))
  const row = (influencer: string, score: number, minute: number) => ({
    influencer,
    score,
    orders: score,
    reachedAt: at(minute),
  })

  it('is by score, then by time, then by id', () => {
    const rows = [row('d', 1, 2), row('b', 1, 1), row('c', 2, 9), row('a', 1, 2)]
    expect(ranked(rows.sort(byRank)).map(({ influencer, rank }) => `${rank}${influencer}`)).toEqual([
      '1c',
      '2b',
      '3a',
      '4d',
    ])
  })

  it('is proven by a hash over its lines', () => {
    expect(proofOf(ranked([row('Member:a', 2, 0), row('Member:b', 1, 1)]))).toBe(
      // printf '1|Member:a|2|2|2026-11-11T12:00:00.000Z\n2|Member:b|1|1|2026-11-11T12:01:00.000Z' | sha256sum
      '2d249cd83f25a158d390965b4b71b9ab789ff2084edec81fb7782ab0bc23b499',
    )
  })
})

describe('a bot', () => {
  const known = (agent: string) => isBot('GET', new Map([['user-agent', agent]]))

  it('is what calls itself one', () => {
    expect(
      ['Googlebot/2.1', 'Mozilla/5.0 (compatible; bingbot/2.0)', 'Sogou web spider/4.0', 'python-requests/2'].every(
        known,
      ),
    ).toBe(true)
  })

  it('is not a browser, on a phone or in an app', () => {
    const people = [
      'Mozilla/5.0 (Linux; Android 14; Cubot X70) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Weibo (iPhone17,1__weibo__14.11.0)',
      '',
    ]
    expect(people.some(known)).toBe(false)
  })
})
