import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { catalog } from './subgraph.js'

const OPERATOR: Identity = { ...ANONYMOUS, member: 'Member:shop', roles: ['operator'], expiresAt: 9e9 }
const TITLES = ['羊毛围巾 蓝色', 'Wool Scarf 100%', '围裙', 'Mug', 'Lamp', 'Tea']

interface Products {
  readonly products: {
    readonly edges: readonly {
      readonly cursor: string
      readonly node: { readonly id: string; readonly title: string }
    }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

eachMigrated(CATALOG, (open) => {
  describe('the catalog', () => {
    let db: Database
    let hosted: HostedSubgraph
    const statements: string[] = []

    beforeAll(async () => {
      db = await open()
      const watched: Database = {
        query: (sql, values) => (statements.push(sql), db.query(sql, values)),
        transaction: (work) => db.transaction(work),
        close: () => db.close(),
      }
      const clock = fakeClock()
      hosted = await runSubgraph(catalog(), aGround({ db: watched, clock }))
      for (const [at, title] of TITLES.entries()) {
        const variants = [{ optionValues: [], priceMinor: 100, image: 'https://a.cn/i.png' }]
        const products = [{ handle: `p${at}`, title, published: title !== 'Tea', variants }]
        const input = { seller: 's', currency: 'CNY', selfOperated: at % 2 === 0, products }
        await asked(
          'mutation ($input: ImportProductsInput!) { importProducts(input: $input) { errors { code } } }',
          { input },
          OPERATOR,
        )
        if (at > 1) await clock.advance(1000)
      }
    })
    afterAll(async () => {
      await hosted.stop()
      await db.close()
    })

    async function asked(query: string, variables: Record<string, unknown> = {}, who = ANONYMOUS): Promise<unknown> {
      const { data, errors } = await hosted.ask({ query, variables }, who)
      expect(errors).toBeUndefined()
      return data
    }
    const titles = async (args: string, who = ANONYMOUS): Promise<readonly string[]> =>
      ((await asked(`{ products(${args}) { edges { node { id title } } } }`, {}, who)) as Products).products.edges.map(
        ({ node }) => node.title,
      )

    it('lists the newest first, page after page, each product once', async () => {
      const seen: string[] = []
      let after: string | null = null
      do {
        const { products }: Products = (await asked(
          'query ($after: String) { products(first: 2, after: $after) { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } } }',
          { after },
        )) as Products
        seen.push(...products.edges.map(({ node }) => node.title))
        after = products.pageInfo.hasNextPage ? products.pageInfo.endCursor : null
      } while (after !== null)
      expect(seen.slice(0, 2)).toEqual(['Lamp', 'Mug'])
      expect([...seen].sort()).toEqual(TITLES.filter((title) => title !== 'Tea').sort())
    })

    it('finds words of a title, whatever their script, case and form, and what somebody has begun to type', async () => {
      expect(await titles('search: "围巾"')).toEqual(['羊毛围巾 蓝色'])
      expect(await titles('search: "wOOls"')).toEqual(['Wool Scarf 100%'])
      expect(await titles('search: "wool sca"')).toEqual(['Wool Scarf 100%'])
      expect((await titles('search: "围"')).length).toBe(2)
      expect(await titles('search: "100%"')).toEqual(['Wool Scarf 100%'])
      expect(await titles('search: "_%"')).toEqual([])
    })

    it('gives a page without its places too', async () => {
      expect(await asked('{ products(first: 1) { nodes { title } } }')).toEqual({
        products: { nodes: [{ title: 'Lamp' }] },
      })
    })

    it('shows only its own, when asked so', async () => {
      expect(await titles('selfOperated: false')).toEqual(['Mug', 'Wool Scarf 100%'])
    })

    it('shows what is not published to staff alone', async () => {
      expect(await titles('search: "Tea"')).toEqual([])
      expect(await titles('search: "Tea"', OPERATOR)).toEqual(['Tea'])
      expect(await asked('{ productByHandle(seller: "s", handle: "p5") { title } }')).toEqual({ productByHandle: null })
    })

    it.each(['first: 0', 'first: 101', 'first: 99999999', 'after: "nonsense"', 'after: "WzEsMl0"'])(
      'refuses a page with %s (S32)',
      async (args) => {
        const { errors } = await hosted.ask({ query: `{ products(${args}) { pageInfo { hasNextPage } } }` }, ANONYMOUS)
        expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      },
    )

    it('gives null for an unknown product and refuses what is no id of one', async () => {
      expect(await asked('{ product(id: "Product:none") { id } variant(id: "Variant:none") { id } }')).toEqual({
        product: null,
        variant: null,
      })
      const { errors } = await hosted.ask({ query: '{ product(id: "Variant:1") { id } }' }, ANONYMOUS)
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    })

    it('finds many entities with one statement for each kind', async () => {
      const { products } = (await asked('{ products { edges { node { id title } } } }')) as Products
      const r = products.edges.map(({ node: { id } }) => ({ __typename: 'Product', id }))
      statements.length = 0
      const query =
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { title variants { id image { url } product { handle } } } } }'
      const { _entities: found } = (await asked(query, {
        r: [...r, { __typename: 'Product', id: 'Product:none' }],
      })) as { _entities: unknown[] }
      expect(found).toHaveLength(6)
      expect(found[0]).toMatchObject({
        title: 'Lamp',
        variants: [{ image: { url: 'https://a.cn/i.png' }, product: { handle: 'p4' } }],
      })
      expect(found[5]).toBeNull()
      expect(statements).toHaveLength(2)
    })
  })
})
