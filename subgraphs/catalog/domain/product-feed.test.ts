import { describe, expect, it } from 'vitest'
import { readProduct, type ProductFeed, type VariantFeed } from './product-feed.js'

const OWNER = { seller: 'wool', selfOperated: true, currency: 'CNY' }
const VARIANT: VariantFeed = {
  optionValues: ['M'],
  priceMinor: 9900,
  policy: 'DENY',
  requiresShipping: true,
  taxable: true,
}
const FEED: ProductFeed = {
  handle: 'scarf',
  title: 'Scarf',
  tags: [],
  published: true,
  options: ['Size'],
  images: [],
  variants: [VARIANT],
}

const read = (feed: Partial<ProductFeed>) => readProduct({ ...FEED, ...feed }, OWNER, 'products[0]')
const readVariant = (variant: Partial<VariantFeed>) => read({ variants: [{ ...VARIANT, ...variant }] })
const placesOf = (reading: ReturnType<typeof read>) => reading.wrong.map(({ details }) => details['place'])

describe('a product of a feed', () => {
  it('keeps its ids for the same seller, handle and option values, and changes them with a SKU', () => {
    const [first, again, other] = [read({}), read({ title: 'Other' }), readVariant({ sku: 'S-1' })]
    expect(first.product?.id).toBe(again.product?.id)
    expect(first.product?.variants[0]?.id).toBe(again.product?.variants[0]?.id)
    expect(other.product?.variants[0]?.id).not.toBe(first.product?.variants[0]?.id)
  })

  it('gathers the values of its options, and names a variant by its own', () => {
    const { product } = read({
      options: ['Size', 'Colour'],
      variants: [
        ['S', 'Red'],
        ['M', 'Red'],
      ].map((optionValues) => ({ ...VARIANT, optionValues })),
    })
    expect(product?.options).toEqual([
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Colour', values: ['Red'] },
    ])
    expect(product?.variants.map(({ title }) => title)).toEqual(['S / Red', 'M / Red'])
  })

  it('has a variant without a title when there is nothing to choose', () => {
    expect(
      read({ options: ['Title'], variants: [{ ...VARIANT, optionValues: ['Default Title'] }] }).product?.variants[0]
        ?.title,
    ).toBeNull()
  })

  it('counts a stock below zero as none', () => {
    expect(readVariant({ quantity: -3 }).product?.variants[0]?.quantity).toBe(0)
  })

  it.each<[string, Partial<ProductFeed>, string]>([
    ['no handle', { handle: ' ' }, 'products[0].handle'],
    ['no title', { title: '' }, 'products[0].title'],
    ['no variant', { variants: [] }, 'products[0].variants'],
    ['the same variant twice', { variants: [VARIANT, VARIANT] }, 'products[0].variants[1]'],
    ['four options', { options: ['a', 'b', 'c', 'd'] }, 'products[0].options'],
    ['a picture that is a script', { images: [{ url: 'javascript:alert(1)' }] }, 'products[0].images[0].url'],
    ['a NUL in its title', { title: 'a\0b' }, 'products[0].title'],
    ['half a character in its title', { title: 'a\ud800b' }, 'products[0].title'],
  ])('is refused with %s', (_, feed, place) => {
    expect(placesOf(read(feed))).toContain(place)
  })

  it.each<[string, Partial<VariantFeed>, string]>([
    ['a price below zero', { priceMinor: -1 }, 'priceMinor'],
    ['a broken price', { priceMinor: 1.5 }, 'priceMinor'],
    ['too few option values', { optionValues: [] }, 'optionValues'],
    ['a weight below zero', { grams: -1 }, 'grams'],
  ])('is refused with %s', (_, variant, place) => {
    expect(placesOf(readVariant(variant))).toContain(`products[0].variants[0].${place}`)
  })

  it('tells all that is wrong at once', () => {
    expect(
      read({
        title: '',
        variants: [
          { ...VARIANT, priceMinor: -1 },
          { ...VARIANT, grams: -1 },
        ],
      }).wrong,
    ).toHaveLength(3)
  })
})
