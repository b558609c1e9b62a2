import { describe, expect, it } from 'vitest'
import { linkTag, readClick, signClick } from './click.js'

const key = Buffer.from('link-secret')
const click = { link: 'TrackedLink:k7', click: 'c0ffee', at: new Date('2018-09-09T08:00:00.123Z') }

describe('a link tag', () => {
  it('is the one of the published vector', () => {
    const terms = { campaign: 'dhw', influencer: 'u1001', product: 'sku-7', takenAt: new Date(1_536_480_000_000) }
    expect(linkTag(key, terms)).toBe('c7f6562b0f921c88')
  })

  it('cannot be shifted from one part to the next', () => {
    const terms = { campaign: 'a|b', influencer: 'c', product: 'd', takenAt: new Date(0) }
    expect(() => linkTag(key, terms)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})

describe('a click id', () => {
  it('gives back what was signed', () => {
    expect(readClick(key, signClick(key, click))).toEqual(click)
  })

  it.each([
    ['with another key', signClick(Buffer.from('other'), click)],
    ['with another link', signClick(key, click).replace('k7', 'k8')],
    ['with another click', signClick(key, click).replace('c0ffee', 'c0ffef')],
    ['without its tag', 'k7.c0ffee.jltp0wne'],
    ['with a part too many', `${signClick(key, click)}.x`],
    ['that is no click id', 'constructor'],
  ])('%s is refused', (_, forged) => {
    expect(() => readClick(key, forged)).toThrow(expect.objectContaining({ code: 'CLICK_INVALID' }))
  })

  it('is a text', () => {
    expect(() => readClick(key, 7)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})
