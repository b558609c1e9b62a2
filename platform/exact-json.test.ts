import { describe, expect, it } from 'vitest'
import { parseExact, writeExact } from './exact-json.js'

describe('exact JSON', () => {
  it('reads whole numbers beyond 2^53 as the text of their digits', () => {
    expect(parseExact('{"oid":20156002562098531234,"fee":1990}')).toEqual({ oid: '20156002562098531234', fee: 1990 })
  })

  it('leaves digits inside texts, fractions and short numbers alone', () => {
    const json = '{"a":"x 12345678901234567890 \\" 12345678901234567","b":0.12345678901234567890,"c":-7}'
    expect(parseExact(json)).toEqual(JSON.parse(json))
  })

  it('writes a bigint as a number', () => {
    expect(writeExact({ oid: 20156002562098531234n, lines: [1, 'x', null], none: undefined })).toBe(
      '{"oid":20156002562098531234,"lines":[1,"x",null]}',
    )
  })

  it('refuses what is no JSON', () => {
    expect(() => parseExact('{"oid":1234567890123456789')).toThrow(SyntaxError)
  })
})
