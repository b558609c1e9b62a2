import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { systemClock } from '../../platform/time/clock.js'
import { catalogEvent, type CatalogEvent } from '../../schema/events/catalog.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { keepActing } from '../host/acting/acting-for.js'
import { runSubgraph, type HostedSubgraph, type SubgraphReply } from '../host/run.js'
import { importProducts } from './flow/import-products.js'
import { catalog } from './subgraph.js'

const OPERATOR: Identity = { ...ANONYMOUS, member: 'Member:shop', roles: ['operator'], expiresAt: 9e9 }
const IMPORT = `mutation ($input: ImportProductsInput!) { importProducts(input: $input) {
  results { handle outcome product { id title descriptionHtml variants { id title sku } } errors { code field } } errors { code } } }`

interface Result {
  readonly handle: string
  readonly outcome: string
  readonly product: {
    id: string
    title: string
    descriptionHtml: string
    variants: { id: string; title: string | null }[]
  } | null
  readonly errors: readonly { readonly code: string; readonly field: string }[]
}

const scarf = (changes: object = {}) => ({
  handle: 'scarf',
  title: '羊毛围巾',
  options: ['Size'],
  variants: [
    { optionValues: ['S'], priceMinor: 9900, quantity: 5 },
    { optionValues: ['M'], priceMinor: 9900, quantity: 5 },
  ],
  ...changes,
})

eachMigrated(CATALOG, (open) => {
  describe('an import', () => {
    let db: Database
    let hosted: HostedSubgraph
    beforeEach(async () => {
      db = await open()
      hosted = await runSubgraph(catalog(), aGround({ db }))
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    const send = (products: readonly object[], who = OPERATOR): Promise<SubgraphReply> =>
      hosted.ask({ query: IMPORT, variables: { input: { seller: 'wool', currency: 'CNY', products } } }, who)
    /** The results of an import that was let in. */
    async function imported(...products: readonly object[]): Promise<readonly Result[]> {
      const { data, errors } = await send(products)
      expect(errors).toBeUndefined()
      return (data as { importProducts: { results: Result[] } }).importProducts.results
    }
    async function told(): Promise<readonly CatalogEvent[]> {
      const { rows } = await db.query<{ body: string }>('select body from catalog.outbox order by tx, number')
      return rows.flatMap(({ body }) => catalogEvent(JSON.parse(body)) ?? [])
    }

    it('creates, leaves alone and updates', async () => {
      expect((await imported(scarf()))[0]?.outcome).toBe('CREATED')
      expect((await imported(scarf()))[0]?.outcome).toBe('UNCHANGED')
      expect((await imported(scarf({ title: 'Scarf' })))[0]).toMatchObject({
        outcome: 'UPDATED',
        product: { title: 'Scarf' },
      })
    })

    it('tells what is new, and afterwards only what changed', async () => {
      await imported(scarf())
      expect((await told()).map(({ kind }) => kind)).toEqual([
        'catalog.productChanged',
        'catalog.variantFed',
        'catalog.variantFed',
      ])
      await imported(scarf({ variants: [{ optionValues: ['S'], priceMinor: 8800, quantity: 5 }, scarf().variants[1]] }))
      expect((await told()).slice(3)).toMatchObject([
        { kind: 'catalog.productChanged', version: 2 },
        { kind: 'catalog.variantFed', version: 2, priceMinor: 8800, quantity: null, title: '羊毛围巾 · S' },
      ])
    })

    it('tells a quantity when the feed says another one', async () => {
      await imported(scarf())
      await imported(scarf({ variants: [scarf().variants[0], { ...scarf().variants[1], quantity: 9 }] }))
      expect((await told()).at(-1)).toMatchObject({ kind: 'catalog.variantFed', quantity: 9 })
    })

    it('takes a variant off the list that is named no more, with nothing left to sell, and puts it back', async () => {
      await imported(scarf())
      const [less] = await imported(scarf({ variants: [scarf().variants[0]] }))
      expect(less?.product?.variants).toHaveLength(1)
      expect((await told()).at(-1)).toMatchObject({ kind: 'catalog.variantFed', quantity: 0 })
      const [more] = await imported(scarf())
      expect(more?.product?.variants).toHaveLength(2)
      expect((await told()).at(-1)).toMatchObject({ kind: 'catalog.variantFed', quantity: 5 })
    })

    it('stores nothing of a wrong product, and everything of the others', async () => {
      const wrong = {
        ...scarf(),
        handle: 'bad',
        variants: [...scarf().variants, { optionValues: ['L'], priceMinor: -1 }],
      }
      const results = await imported(wrong, scarf())
      expect(results.map(({ outcome }) => outcome)).toEqual(['REFUSED', 'CREATED'])
      expect(results[0]?.errors).toEqual([{ code: 'BAD_USER_INPUT', field: 'products[0].variants[2].priceMinor' }])
      expect((await db.query('select 1 from catalog.product')).count).toBe(1)
    })

    it('refuses the second product of the same handle', async () => {
      expect((await imported(scarf(), scarf())).map(({ outcome }) => outcome)).toEqual(['CREATED', 'REFUSED'])
    })

    it('cleans HTML', async () => {
      const [it] = await imported(scarf({ bodyHtml: '<p onclick="x()">Soft<script>alert(1)</script></p>' }))
      expect(it?.product?.descriptionHtml).toBe('<p>Soft</p>')
    })

    it('takes few statements for many products', async () => {
      let statements = 0
      const counted: Database = {
        query: (sql, values) => (statements++, db.query(sql, values)),
        transaction: (work) =>
          db.transaction((tx) => work({ ...counted, query: (sql, values) => (statements++, tx.query(sql, values)) })),
        close: () => db.close(),
      }
      const products = Array.from({ length: 200 }, (_, at) => ({
        ...scarf({ handle: `scarf-${at}` }),
        ...{ tags: [], published: true, images: [], vendor: 'Acme', category: ['Apparel', 'Scarves'] },
        attributes: [{ name: 'Material', value: 'wool' }],
        variants: [
          { optionValues: ['S'], priceMinor: 1, policy: 'DENY' as const, requiresShipping: true, taxable: true },
        ],
      }))
      const batch = { seller: 'wool', currency: 'CNY', selfOperated: true, products }
      await importProducts({ db: counted, clock: systemClock, wake: () => undefined }, OPERATOR, batch)
      expect(statements).toBeLessThanOrEqual(12)
    })

    it('is for merchants and operators alone', async () => {
      expect((await send([scarf()], ANONYMOUS)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
      const member: Identity = { ...OPERATOR, roles: ['member'] }
      expect((await send([scarf()], member)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    })

    it('is for merchants who act for the seller, as members told last', async () => {
      const merchant: Identity = { ...OPERATOR, roles: ['merchant'] }
      const bound = { id: 'b', at: '2026-11-11T12:00:00Z', kind: 'members.merchantBound', member: 'Member:shop' }
      const outcome = async () => (await send([scarf()], merchant)).errors?.[0]?.extensions.code ?? 'let in'
      expect(await outcome()).toBe('FORBIDDEN')
      await db.transaction((tx) => keepActing(tx, 'catalog', [{ ...bound, version: 2, sellers: ['tea', 'wool'] }]))
      await db.transaction((tx) => keepActing(tx, 'catalog', [{ ...bound, version: 1, sellers: ['tea'] }]))
      expect(await outcome()).toBe('let in')
    })

    it('brings many imports of the same feed at once to one state', async () => {
      const many = Array.from({ length: 20 }, (_, at) => scarf({ handle: `scarf-${at}` }))
      const feeds = Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? many : [...many].reverse()))
      const all = await Promise.all(feeds.map((feed) => imported(...feed)))
      expect(all.flat().filter(({ outcome }) => outcome === 'CREATED')).toHaveLength(20)
      expect((await told()).filter(({ kind }) => kind === 'catalog.variantFed')).toHaveLength(40)
    })
  })
})
