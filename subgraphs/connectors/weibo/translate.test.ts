import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExact } from '../../../platform/exact-json.js'
import { consent, figureFacts, figures, meaningOf, newestPost, refusalIn, seenPost } from './translate.js'

const recorded = (name: string): unknown =>
  parseExact(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'))

describe("the network's words", () => {
  it('name a post by the id that was not rounded', () => {
    expect(seenPost(recorded('share')).mid).toBe('3504803600502730')
  })

  it('keep every digit of an id beyond 2^53, and read figures in both forms', () => {
    expect(figures(recorded('count'))).toEqual([
      { mid: '17943984000009983', comments: 16, reposts: 38, likes: 7 },
      { mid: '32817222', comments: 1, reposts: 2, likes: 3 },
    ])
  })

  it('leave out of the figures what is not there: it is a fact too', () => {
    const facts = figureFacts(['1', '2'], [{ mid: '2', comments: 0, reposts: 0, likes: 0 }], new Date(5))
    expect(facts).toEqual([
      { key: 'post:1', version: 5, body: { mid: '1', missing: true } },
      { key: 'post:2', version: 5, body: { mid: '2', comments: 0, reposts: 0, likes: 0 } },
    ])
  })

  it('refuse with a number that may be a text', () => {
    expect(refusalIn({ request: '/x', error_code: '20502', error: 'Need you follow uid.' })?.code).toBe(20_502)
    expect(refusalIn({ request: '/x', error_code: 10_023, error: 'y' })?.code).toBe(10_023)
    expect(refusalIn([])).toBeNull()
  })

  it.each([
    [10_023, 'resting-account'],
    [10_022, 'resting-address'],
    [10_024, 'writing-too-fast'],
    [20_032, 'late'],
    [20_019, 'repeated'],
    [21_327, 'unbound'],
    [20_018, 'refused'],
    [99_999, 'refused'],
  ])('mean by %i: %s', (code, meaning) => {
    expect(meaningOf(code)).toBe(meaning)
  })

  it.each([
    ['no object', []],
    ['an id that is no number', { access_token: 't', expires_in: 1, uid: '../1' }],
    ['an id that was rounded', { access_token: 't', expires_in: 1, uid: 2 ** 60 }],
    ['no token', { expires_in: 1, uid: '1' }],
  ])('are refused when a consent is %s', (_, answer) => {
    expect(() => consent(answer)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it('may say that an account has posted nothing', () => {
    expect(newestPost({ id: 1, statuses_count: 0 })).toBeNull()
  })
})
