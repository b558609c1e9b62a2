import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { brandId, categoryId, productId } from './domain/catalog-ids.js'
import { catalog } from './subgraph.js'

const STAFF: Identity = { ...ANONYMOUS, member: 'Member:shop', roles: ['merchant', 'operator'], expiresAt: 9e9 }
const FACETS = `{ total selfOperated thirdParty categories { count category { name } } brands { count brand { name } }
  grades { grade count } prices { currency fromMinor toMinor count } attributes { name values { value count } } }`

const good = (handle: string, title: string, priceMinor: number, more: object = {}) => ({
  ...{ handle, title, ...more },
  variants: [{ optionValues: [], priceMinor }],
})
const apparel = (...below: readonly string[]) => ['Apparel', ...below]
const material = (value: string) => [{ name: 'Material', value }]

const GOODS = [
  good('wool', '男士羊毛围巾', 19900, { vendor: 'Acme', category: apparel('Scarves'), attributes: material('wool') }),
  good('silk', '真丝围巾 Silk scarf', 29900, {
    vendor: 'Silka',
    category: apparel('Scarves'),
    attributes: material('silk'),
  }),
  good('shirt', 'Cotton shirts', 9900, { vendor: 'ACME', category: apparel('Shirts'), attributes: material('cotton') }),
  good('mug', '马克杯', 3900, { vendor: 'Potter', category: ['Home'], bodyHtml: '<p>goes with a wool scarf</p>' }),
  good('towel', 'Towel', 4900, { category: ['Home'], attributes: material('cotton') }),
  {
    ...{ handle: 'jumper', title: 'Wool jumper', vendor: 'Acme', category: apparel('Shirts'), options: ['Size'] },
    variants: ['S', 'M'].map((size) => ({ optionValues: [size], priceMinor: 39900 })),
  },
]

interface Listed {
  readonly products: {
    readonly nodes: readonly { readonly handle: string }[]
    readonly facets: Readonly<Record<string, unknown>>
  }
}

eachMigrated(CATALOG, (open) => {
  describe('a search of the catalog', () => {
    let db: Database
    let hosted: HostedSubgraph

    beforeAll(async () => {
      db = await open()
      const clock = fakeClock()
      hosted = await runSubgraph(catalog(), aGround({ db, clock }))
      for (const product of GOODS) {
        const input = { seller: 's', currency: 'CNY', selfOperated: product.handle === 'mug', products: [product] }
        await asked('mutation ($input: ImportProductsInput!) { importProducts(input: $input) { errors { code } } }', {
          input,
        })
        await clock.advance(1000)
      }
    })
    afterAll(async () => {
      await hosted.stop()
      await db.close()
    })

    async function asked(query: string, variables: Record<string, unknown> = {}, who = STAFF): Promise<unknown> {
      const { data, errors } = await hosted.ask({ query, variables }, who)
      expect(errors).toBeUndefined()
      return data
    }
    const list = async (args: string): Promise<Listed['products']> =>
      ((await asked(`{ products(first: 20, ${args}) { nodes { handle } facets ${FACETS} } }`)) as Listed).products
    const handles = async (args: string): Promise<readonly string[]> =>
      (await list(args)).nodes.map(({ handle }) => handle)
    const facet = async (args: string, name: string) => (await list(args)).facets[name]

    it.each([
      ['words of the description', 'goes wool', ['mug']],
      ['a part of a Chinese title, wherever it stands', '羊毛', ['wool']],
      ['a Chinese text without spaces whose words are not neighbours in the title', '羊毛围巾男', ['wool']],
      ['both scripts at once, of which one names the category', '围巾 scarves', ['silk', 'wool']],
      ['both scripts without a space', '围巾silk', ['silk']],
      ['a word in another form, the title before the category', 'shirt', ['shirt', 'jumper']],
      ['the brand', 'silka', ['silk']],
      ['the value of an attribute', 'cotton towels', ['towel']],
      ['nothing when a word is nowhere', '围巾 mug', []],
      ['nothing that has only a part of the letters', '羊绒', []],
    ])('finds %s', async (_, search, found) => {
      expect(await handles(`search: "${search}"`)).toEqual(found)
    })

    it('has first where the words weigh most', async () => {
      expect((await handles('search: "wool"')).slice(0, 2).sort()).toEqual(['jumper', 'wool'].sort().slice(0, 2))
      expect((await handles('search: "wool"')).at(-1)).toBe('mug')
    })

    it('orders by price, both ways', async () => {
      expect(await handles('sort: PRICE_ASC')).toEqual(['mug', 'towel', 'shirt', 'wool', 'silk', 'jumper'])
      expect((await handles('sort: PRICE_DESC')).slice(0, 2)).toEqual(['jumper', 'silk'])
    })

    it.each([
      ['a category and all below it', `categoryId: "${categoryId(['Apparel'])}"`, ['jumper', 'shirt', 'silk', 'wool']],
      ['brands, however their names are written', `brandIds: ["${brandId('acme')}"]`, ['jumper', 'shirt', 'wool']],
      ['our own', 'selfOperated: true', ['mug']],
      ['a range of prices', 'price: { currency: "CNY", fromMinor: 4900, toMinor: 9900 }', ['towel', 'shirt']],
      ['any of the values of an attribute', 'attributes: [{ name: "Material", values: ["silk", "cotton"] }]', ['towel', 'shirt', 'silk']], // prettier-ignore
      ['an option', 'attributes: [{ name: "Size", values: ["M"] }]', ['jumper']],
      ['another currency', 'price: { currency: "USD" }', []],
    ])('is narrowed to %s', async (_, filter, found) => {
      expect(await handles(`filter: { ${filter} }`)).toEqual(found)
    })

    it('counts each facet as if nothing were chosen in it, and everything else were', async () => {
      const filter = `filter: { brandIds: ["${brandId('Acme')}"], attributes: [{ name: "Material", values: ["wool"] }] }`
      const { nodes, facets } = await list(filter)
      expect(nodes.map(({ handle }) => handle)).toEqual(['wool'])
      expect(facets).toMatchObject({
        ...{ total: 1, selfOperated: 0, thirdParty: 1 },
        brands: [{ count: 1, brand: { name: 'Acme' } }],
        categories: [
          { count: 1, category: { name: 'Apparel' } },
          { count: 1, category: { name: 'Scarves' } },
        ],
        attributes: [
          {
            name: 'Material',
            values: [
              { value: 'cotton', count: 1 },
              { value: 'wool', count: 1 },
            ],
          },
        ],
      })
    })

    it('counts a category with what is below it, and a price by its band', async () => {
      expect(await facet('', 'categories')).toContainEqual({ count: 4, category: { name: 'Apparel' } })
      expect(await facet('search: "围巾"', 'prices')).toEqual([
        { currency: 'CNY', fromMinor: 10000, toMinor: 20000, count: 1 },
        { currency: 'CNY', fromMinor: 20000, toMinor: 50000, count: 1 },
      ])
    })

    it('is narrowed by grade and by where is delivered to, also after the feed came again', async () => {
      const id = productId('s', 'towel')
      await asked(
        'mutation ($id: ID!) { gradeProduct(input: { productId: $id, grade: A, notes: "washed 50 times" }) { errors { code } } }',
        { id },
      )
      await asked(
        'mutation ($id: ID!) { setDeliveryRegions(input: { productId: $id, only: ["11"] }) { errors { code } } }',
        { id },
      )
      const again = { seller: 's', currency: 'CNY', products: [{ ...GOODS[4], title: 'Big towel' }] }
      await asked('mutation ($input: ImportProductsInput!) { importProducts(input: $input) { errors { code } } }', {
        input: again,
      })
      expect(await handles('filter: { grades: [A, S] }')).toEqual(['towel'])
      expect(await facet('', 'grades')).toEqual([{ grade: 'A', count: 1 }])
      expect(await handles('search: "towel", filter: { deliveredTo: "110105" }')).toEqual(['towel'])
      expect(await handles('search: "towel", filter: { deliveredTo: "310101" }')).toEqual([])
    })

    it.each(['"NEWEST"', '"PRICE_ASC"'])(
      'refuses the cursor of a list in another order than %s (S32)',
      async (other) => {
        const after = Buffer.from(`[${other},"CNY",1,"Product:a"]`).toString('base64url')
        const query = `{ products(search: "wool", after: "${after}") { nodes { handle } } }`
        const { errors } = await hosted.ask({ query }, ANONYMOUS)
        expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('ordered by RELEVANCE') as string })
      },
    )

    it('indexes anew what an older version has left', async () => {
      await db.query(`update catalog.product_index set rules = 0, words = '', brand = null`)
      await db.query(`update catalog.product set brand = null`)
      const again = await runSubgraph(catalog(), aGround({ db }))
      expect(await handles(`search: "羊毛", filter: { brandIds: ["${brandId('Acme')}"] }`)).toEqual(['wool'])
      await again.stop()
    })
  })
})
