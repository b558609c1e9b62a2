import { describe, expect, it } from 'vitest'
import { statusText, wordsOf } from './status-text.js'

const URL = 'https://shop.example/l/0123456789abcdef0123-0123456789abcdef'
const SAFE = ['shop.example']

describe('the text of a post', () => {
  it('carries the link once', () => {
    expect(statusText('Look', URL, SAFE)).toBe(`Look ${URL}`)
    expect(statusText(`See ${URL} now`, URL, SAFE)).toBe(`See ${URL} now`)
    expect(statusText('', URL, SAFE)).toBe(URL)
  })

  it.each([
    ['a topic', '#带货王# 来了'],
    ['a wide topic', '＃带货王＃ 来了'],
    ['a topic across words', 'a #b c# d'],
    ['a foreign link', 'see https://evil.example/'],
    ['a foreign link without its scheme', 'see www.evil.example'],
    ['a look-alike', 'see https://shop.example.evil.example/'],
    ['a link in disguise', 'see https://shop.example@evil.example/'],
    ['a control character', 'a\u0000b'],
    ['too many words', '长'.repeat(80)],
  ])('is refused with %s', (_, words) => {
    expect(() => statusText(words, URL, SAFE)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it('is refused when our own link is not under a safe domain', () => {
    expect(() => statusText('Look', URL, ['other.example'])).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    )
  })

  it('may hold a single # and links of the shop', () => {
    expect(statusText('no. #1 https://www.shop.example/a', URL, SAFE)).toContain('#1')
  })

  it('is known again by its words when its link was shortened', () => {
    expect(wordsOf(`Look  ${URL}`)).toBe(wordsOf('Look http://t.cn/A6xYz7Q1'))
  })
})
