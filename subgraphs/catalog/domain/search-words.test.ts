import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { facetsOf, folded, indexedWords, searchQuery, type Described } from './search-words.js'

const PRODUCT: Described = {
  ...{ title: '', vendor: null, productType: null, tags: [], category: [], attributes: [], description: '' },
}
const pairsOf = (title: string) => indexedWords({ ...PRODUCT, title }).pairs

describe('the words of a product', () => {
  it('are pairs of neighbours where a script has no spaces, and words everywhere else', () => {
    expect(indexedWords({ ...PRODUCT, title: '羊毛围巾 Wool-Scarf 100%' })).toMatchObject({
      a: 'wool scarf 100',
      pairs: "'羊毛':1A '毛围':2A '围巾':3A '巾':4A",
    })
  })

  it('weigh by where they stand, the title most', () => {
    const product = {
      ...PRODUCT,
      title: '茶',
      vendor: '山',
      category: ['水'],
      description: '<p class="x">杯&nbsp;big</p>',
    }
    expect(indexedWords(product)).toMatchObject({ pairs: "'茶':1A '山':2B '水':3C '杯':4D", d: 'big' })
  })

  it('are the same for wide and narrow letters', () => {
    expect(indexedWords({ ...PRODUCT, title: 'ＩＰhone１５' }).a).toBe('iphone15')
  })

  it('stay within a bound', () => {
    expect(pairsOf('长'.repeat(5000)).split(' ')).toHaveLength(1000)
  })

  it('hold nothing that a tsvector or a tsquery would take for its own signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { a, pairs } = indexedWords({ ...PRODUCT, title: text })
        const query = searchQuery(text)
        expect(a).not.toMatch(/['\\&|!:()]/)
        expect(pairs).toMatch(/^('[^'\\ ]+':\d+A ?)*$/)
        expect(`${query.words} ${query.last} ${query.beginning}`).toMatch(/^('[^'\\ ]+'(:\*)?| |&)*$/)
      }),
    )
  })
})

describe('a search', () => {
  it('asks for every word, and for the last one also as a beginning', () => {
    expect(searchQuery('Wool Sca')).toMatchObject({ words: "'wool'", last: "'sca'", beginning: "'sca':*", pairs: '' })
    expect(searchQuery('wool scarf!')).toMatchObject({ words: "'wool' & 'scarf'", last: '', beginning: '' })
  })

  it('asks for a single letter as the beginning of a pair', () => {
    expect(searchQuery('围').pairs).toBe("'围':*")
  })

  it('lets one pair be missing from three pairs on', () => {
    expect(searchQuery('毛围巾').pairs).toBe("'毛围' & '围巾'")
    expect(searchQuery('羊毛围巾').pairs).toBe("('羊毛' | '毛围') & ('羊毛' | '围巾') & ('毛围' | '围巾')")
  })

  it('weighs by each of its words and pairs', () => {
    expect(searchQuery('thick wool 羊毛围')).toMatchObject({ anyWord: "'thick' | 'wool'", anyPair: "'羊毛' | '毛围'" })
  })

  it('stays short for a long text', () => {
    expect(searchQuery('长'.repeat(100)).pairs.length).toBeLessThan(6000)
  })

  it('says nothing of a text without letters', () => {
    expect(searchQuery('_% !')).toEqual({
      ...{ words: '', last: '', beginning: '', pairs: '', anyWord: '', anyPair: '' },
    })
  })
})

describe('what a list can be narrowed by', () => {
  it('is every attribute and every choice, each once', () => {
    const colour = { name: '颜色', value: '蓝' }
    const options = [
      { name: '颜色', values: ['蓝', '红'] },
      { name: 'Title', values: ['Default Title'] },
    ]
    expect(facetsOf({ attributes: [colour], options })).toEqual([colour, { name: '颜色', value: '红' }])
  })
})

it('a folded name is the same however it is written', () => {
  expect(folded('  ＡＣＭＥ   Wool ')).toBe('acme wool')
})
