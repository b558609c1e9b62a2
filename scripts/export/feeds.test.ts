import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { feedFormOf } from '../import/feed-form.js'
import type { ExportedProduct } from './exported.js'
import type { WriteForm } from './export-file.js'
import { tsvForm, xmlForm } from './write-google.js'
import { shopifyForm } from './write-shopify.js'

const LINKS = { link: 'https://shop.example/products/{handle}' }

/** Words that files find hard: quotes, separators, line breaks, signs of XML; never blank at an end, which every reader takes off. */
const words = (most = 20) =>
  fc
    .array(
      fc.constantFrom(
        'a',
        'Z',
        '7',
        '围巾',
        '"',
        "'",
        ',',
        ';',
        ':',
        '\\',
        '\t',
        '\n',
        '<b>',
        '&amp;',
        ']]>',
        '>',
        '🧣',
        ' ',
      ),
      { minLength: 1, maxLength: most },
    ) // prettier-ignore
    .map((parts) => `x${parts.join('')}x`)
const plain = fc.stringMatching(/^[a-z围巾0-9]{1,8}$/)
const url = fc.nat(99).map((n) => `https://a.example/${n}.jpg?a=1,2&b="`)

const product: fc.Arbitrary<ExportedProduct> = fc
  .record({
    title: words(),
    bodyHtml: words(60),
    vendor: fc.option(words()),
    type: fc.option(plain),
    // A number alone is to Google one of its own categories.
    category: fc.array(
      plain.map((name) => `c${name}`),
      { maxLength: 4 },
    ),
    tags: fc.uniqueArray(plain, { maxLength: 5 }),
    images: fc.uniqueArray(url, { minLength: 1, maxLength: 4 }),
    attributes: fc.uniqueArray(fc.record({ name: plain, value: plain }), { maxLength: 4, selector: ({ name, value }) => `${name}:${value}` }), // prettier-ignore
    options: fc.uniqueArray(plain, { minLength: 1, maxLength: 3 }),
    variants: fc.uniqueArray(
      fc.record({
        sku: fc.option(fc.stringMatching(/^[A-Z'0-9-]{1,10}$/)),
        price: fc.nat(1e9),
        dearer: fc.option(fc.integer({ min: 1, max: 1e6 })),
        quantity: fc.option(fc.nat(1e6)),
        backorder: fc.boolean(),
        barcode: fc.option(fc.stringMatching(/^0?[0-9]{8,13}$/)),
        grams: fc.option(fc.nat(1e6)),
        image: fc.nat(9),
        value: words(4),
      }),
      { minLength: 1, maxLength: 4, selector: ({ sku }) => sku },
    ),
  })
  .map(({ images, variants, options, ...head }) => ({
    ...head,
    attributes: [...head.attributes].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    handle: 'a-handle',
    published: true,
    currency: 'CNY',
    options,
    images: images.map((address) => ({ url: address, alt: null })),
    variants: variants.map(({ price, dearer, backorder, image, value, ...variant }, at) => ({
      ...variant,
      id: `Variant:v${at}`,
      // Google says of what is ordered in advance only that there is none.
      ...(backorder ? { policy: 'CONTINUE' as const, quantity: 0 } : { policy: 'DENY' as const }),
      priceMinor: price,
      compareAtMinor: dearer === null ? null : price + dearer,
      optionValues: options.map((_, nth) => `${value}${at}${nth}`),
      // Google's first item has the product's first picture.
      image: at === 0 || image % images.length === 0 ? null : (images[image % images.length] ?? null),
      requiresShipping: true,
      taxable: true,
    })),
  }))

const without = (name: string, value: object) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))

/** The same without what only the shop knows. */
function fed(product: ExportedProduct): unknown {
  return { ...without('currency', product), variants: product.variants.map((variant) => without('id', variant)) }
}

describe('a file of products', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-feeds-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function readBack(ending: string, text: string): Promise<readonly unknown[]> {
    const file = join(dir, `products${ending}`)
    await writeFile(file, text)
    const form = feedFormOf(file)
    const found: unknown[] = []
    for await (const { reading } of form.products(file, 'CNY', await form.survey(file)))
      found.push(reading.product ?? reading)
    return found
  }
  const written = (form: WriteForm, product: ExportedProduct) => form.head + form.product(product) + form.foot

  it.each<[string, (product: ExportedProduct) => WriteForm]>([
    ['.csv', ({ attributes }) => shopifyForm([...new Set(attributes.map(({ name }) => name))])],
    ['.tsv', () => tsvForm(LINKS)],
    ['.xml', () => xmlForm(LINKS)],
  ])('%s comes back as what was written', async (ending, formFor) => {
    await fc.assert(
      fc.asyncProperty(product, async (one) => {
        expect(await readBack(ending, written(formFor(one), one))).toEqual([fed(one)])
      }),
      { numRuns: 150 },
    )
  })

  it('.csv keeps what Google has no words for', async () => {
    const [one] = fc.sample(product, { numRuns: 1, seed: 1 })
    if (one === undefined) throw new Error('a product was to be made')
    const variants = one.variants.map((variant) => ({ ...variant, taxable: false, requiresShipping: false, policy: 'CONTINUE' as const, quantity: 5 })) // prettier-ignore
    const more = { ...one, published: false, images: [{ url: 'https://a.example/1.jpg', alt: 'a "scarf"' }], variants }
    expect(await readBack('.csv', written(shopifyForm(one.attributes.map(({ name }) => name)), more))).toEqual([
      fed(more),
    ])
  })

  it("is read from Google's own examples", async () => {
    for (const ending of ['.tsv', '.xml']) {
      const text = await readFile(new URL(`../google/example${ending}`, import.meta.url), 'utf8')
      expect(await readBack(ending, text)).toMatchObject([
        {
          ...{ handle: 'scarf', title: 'Wool scarf', vendor: 'Acme', options: ['color', 'size'] },
          category: ['Apparel & Accessories', 'Scarves'],
          attributes: [
            { name: 'Fibre', value: 'merino: fine' },
            { name: 'gender', value: 'unisex' },
          ],
          images: [{ url: 'https://a.example/red.jpg' }, { url: 'https://a.example/back.jpg' }, { url: 'https://a.example/blue.jpg' }], // prettier-ignore
          variants: [
            { sku: 'S-1', optionValues: ['red', 'M'], priceMinor: 9900, compareAtMinor: 12900, quantity: null, grams: 200, barcode: '0884776536842', image: null }, // prettier-ignore
            { sku: 'S-2', optionValues: ['blue', 'L'], priceMinor: 12900, compareAtMinor: null, quantity: 0, image: 'https://a.example/blue.jpg' }, // prettier-ignore
          ],
        },
        {
          handle: 'mug',
          options: [],
          attributes: [
            { name: 'color', value: 'white' },
            { name: 'google_product_category', value: '212' },
          ],
          category: ['Home', 'Mugs'],
        },
      ])
    }
  })

  const HEAD = 'id\ttitle\tprice\tavailability\n'
  it.each([
    [
      'a price in another currency',
      '.tsv',
      `${HEAD}a\tA\t1 USD\tin_stock\nb\tB\t1 CNY\t\n`,
      [{ line: 2, code: 'BAD_USER_INPUT' }],
    ],
    [
      'a word for availability that is none',
      '.tsv',
      `${HEAD}b\tB\t1 CNY\t\na\tA\t1 CNY\tsoon\n`,
      [{ line: 3, code: 'BAD_USER_INPUT' }],
    ],
    [
      'no title',
      '.xml',
      '<rss><channel>\n<item><g:id>a</g:id>\n<g:price>1 CNY</g:price></item></channel></rss>',
      [{ line: 2, code: 'BAD_USER_INPUT' }],
    ],
  ])('names the line and the code of %s', async (_, ending, text, wrong) => {
    const refused = (await readBack(ending, text)).filter(
      (one) => typeof one === 'object' && one !== null && 'wrong' in one,
    )
    expect(refused).toMatchObject([{ wrong }])
  })

  const bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><g:title>&b;</g:title></item></channel></rss>' // prettier-ignore
  it.each([
    ['a DOCTYPE with entities that grow (S32)', '.xml', bomb, 'a DOCTYPE is not taken'],
    ['an entity that XML does not know', '.xml', '<rss><channel><item>&b;</item></channel></rss>', 'undefined entity'],
    ['an end in the middle', '.xml', '<rss><channel><item><g:id>a', 'unclosed tag'],
    ['nesting without an end', '.xml', `<rss><channel><item>${'<a>'.repeat(100)}`, 'nested too deeply'],
    ['another document', '.xml', '<html><body></body></html>', 'it has no channel'],
    ['another first line', '.tsv', 'name\tprice\n', 'no column id, title'],
    ['too many cells', '.tsv', `${HEAD}a\tA\t1 CNY\t\tx\ty\n`, 'line 2 has 6 cells'],
  ])('is refused as a whole with %s', async (_, ending, text, message) => {
    await expect(readBack(ending, text)).rejects.toThrow(message)
  })
})
