import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { ANONYMOUS, type Identity, type Role } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { keepActing } from '../host/acting/acting-for.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { brandId, categoryId, productId } from './domain/catalog-ids.js'
import { catalog } from './subgraph.js'

const as = (...roles: Role[]): Identity => ({ ...ANONYMOUS, member: 'Member:shop', roles, expiresAt: 9e9 })
const OPERATOR = as('operator')
const SAVE = `mutation ($input: SaveCategoryInput!) { saveCategory(input: $input) {
  category { id name path { name } } errors { code field } } }`
const GRADE = `mutation ($input: GradeProductInput!) { gradeProduct(input: $input) { errors { code field }
  product { grade gradings { grade gradedBy gradedAt report notes } } } }`

const scarf = { handle: 'scarf', title: 'Scarf', vendor: 'Acme', category: ['Apparel', 'Scarves'] }
const PRODUCT = productId('s', 'scarf')
const APPAREL = categoryId(['Apparel'])
const SCARVES = categoryId(['Apparel', 'Scarves'])

/** What was told of deliveries. */
async function toldOf(db: Database): Promise<readonly unknown[]> {
  const { rows } = await db.query<{ body: string }>('select body from catalog.outbox order by tx, number')
  return rows
    .map(({ body }) => JSON.parse(body) as { kind: string })
    .filter(({ kind }) => kind === 'catalog.deliverySet')
}

eachMigrated(CATALOG, (open) => {
  describe('keeping the catalog by hand', () => {
    let db: Database
    let hosted: HostedSubgraph
    beforeEach(async () => {
      db = await open()
      hosted = await runSubgraph(catalog(), aGround({ db, clock: fakeClock() }))
      await feed({})
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    async function asked(query: string, input: object = {}, who = OPERATOR): Promise<Record<string, unknown>> {
      const { data, errors } = await hosted.ask({ query, variables: { input } }, who)
      expect(errors).toBeUndefined()
      return Object.values(data as Record<string, Record<string, unknown>>)[0] ?? {}
    }
    const feed = (changes: object) =>
      asked('mutation ($input: ImportProductsInput!) { importProducts(input: $input) { errors { code } } }', {
        ...{ seller: 's', currency: 'CNY' },
        products: [{ ...scarf, variants: [{ optionValues: [], priceMinor: 100 }], ...changes }],
      })
    const walk = () =>
      asked(`{ product(id: "${PRODUCT}") { brand { name products { nodes { handle } } } category { name path { name }
        parent { name children { name } products { nodes { handle } facets { total } } } } } }`)
    const refusal = async (query: string, input: object) => (await asked(query, input))['errors']

    it('has made the brand and the categories that a feed names', async () => {
      expect(await walk()).toMatchObject({
        brand: { name: 'Acme', products: { nodes: [{ handle: 'scarf' }] } },
        category: {
          ...{ name: 'Scarves', path: [{ name: 'Apparel' }, { name: 'Scarves' }] },
          parent: { name: 'Apparel', children: [{ name: 'Scarves' }], products: { nodes: [{ handle: 'scarf' }], facets: { total: 1 } } }, // prettier-ignore
        },
      })
      expect(await asked('{ brands(beginning: "ac") { nodes { id name } } }')).toEqual({
        nodes: [{ id: brandId('ACME'), name: 'Acme' }],
      })
    })

    it('moves a category with all below it, and the feed still finds it there', async () => {
      const winter = ((await asked(SAVE, { name: 'Winter' }))['category'] as { id: string }).id
      await asked(SAVE, { categoryId: APPAREL, name: 'Clothes', parentId: winter })
      await feed({ title: 'Warm scarf' })
      expect(await walk()).toMatchObject({
        category: { path: [{ name: 'Winter' }, { name: 'Clothes' }, { name: 'Scarves' }] },
      })
      const { nodes } = (await asked(`{ category(id: "${winter}") { products { nodes { title } } } }`))['products'] as {
        nodes: unknown
      }
      expect(nodes).toEqual([{ title: 'Warm scarf' }])
    })

    it.each([
      ['a name that stands there already', { name: 'apparel' }, 'CONFLICT', null],
      [
        'a place below itself',
        { categoryId: APPAREL, name: 'Apparel', parentId: SCARVES },
        'BAD_USER_INPUT',
        'parentId',
      ],
      ['a parent that nobody knows', { name: 'x', parentId: 'Category:none' }, 'NOT_FOUND', null],
      ['no name', { name: ' ' }, 'BAD_USER_INPUT', 'name'],
    ])('refuses a category with %s', async (_, input, code, field) => {
      expect(await refusal(SAVE, input)).toEqual([{ code, field }])
    })

    it('keeps every judgement with its evidence, and the last one holds', async () => {
      await asked(GRADE, { productId: PRODUCT, grade: 'B', notes: 'fair' })
      const { product } = await asked(GRADE, { productId: PRODUCT, grade: 'S', report: 'https://lab.example/7' })
      expect(product).toMatchObject({
        grade: 'S',
        gradings: [
          { grade: 'S', gradedBy: 'Member:shop', report: 'https://lab.example/7', notes: null },
          { grade: 'B', report: null, notes: 'fair' },
        ],
      })
    })

    it('takes a judgement once under a key, and refuses another under it', async () => {
      const keyed = { productId: PRODUCT, grade: 'B', notes: 'fair', idempotencyKey: 'k' }
      const first = await asked(GRADE, keyed)
      expect(first).toMatchObject({ product: { grade: 'B', gradings: [{ notes: 'fair' }] } })
      expect(await asked(GRADE, keyed)).toEqual(first)
      expect(await refusal(GRADE, { ...keyed, grade: 'S' })).toMatchObject([{ code: 'IDEMPOTENCY_MISMATCH' }])
      const { product } = await asked(GRADE, { productId: PRODUCT, grade: 'B', notes: 'fair' })
      expect(product).toMatchObject({ grade: 'B', gradings: [{ notes: 'fair' }, { notes: 'fair' }] })
    })

    it.each([
      ['no evidence', { productId: PRODUCT }, 'BAD_USER_INPUT'],
      ['a report that is a script', { productId: PRODUCT, report: 'javascript:alert(1)' }, 'BAD_USER_INPUT'],
      ['a product that nobody knows', { productId: 'Product:none', notes: 'x' }, 'NOT_FOUND'],
    ])('refuses a grade with %s', async (_, input, code) => {
      expect(await refusal(GRADE, { grade: 'A', ...input })).toMatchObject([{ code }])
    })

    it('says where a product is delivered to', async () => {
      const set =
        'mutation ($input: SetDeliveryRegionsInput!) { setDeliveryRegions(input: $input) { errors { code } } }'
      await asked(set, { productId: PRODUCT, except: ['65', '54'] })
      const query = `{ product(id: "${PRODUCT}") { delivery { only except } far: deliversTo(regionCode: "650102") near: deliversTo(regionCode: "110105") } }`
      expect(await asked(query)).toEqual({ delivery: { only: [], except: ['54', '65'] }, far: false, near: true })
      expect(await refusal(set, { productId: PRODUCT, only: ['x'] })).toEqual([{ code: 'BAD_USER_INPUT' }])
      expect(await refusal(set, { productId: 'Product:none' })).toEqual([{ code: 'NOT_FOUND' }])
      expect(await toldOf(db)).toMatchObject([{ product: PRODUCT, version: 1, only: [], except: ['54', '65'] }])
    })

    it('lets a merchant say so of the sellers that it acts for, and of no others', async () => {
      const set =
        'mutation ($input: SetDeliveryRegionsInput!) { setDeliveryRegions(input: $input) { errors { code } } }'
      const code = async () =>
        (await hosted.ask({ query: set, variables: { input: { productId: PRODUCT, only: ['31'] } } }, as('merchant')))
          .errors?.[0]?.extensions.code
      expect(await code()).toBe('FORBIDDEN')
      await keepActing(db, 'catalog', [
        { id: 'b', at: '2026-11-11T12:00:00Z', kind: 'members.merchantBound', member: 'Member:shop', version: 1, sellers: ['s'] }, // prettier-ignore
      ])
      expect(await code()).toBeUndefined()
    })

    it("writes a brand's page", async () => {
      const page = { description: 'Since 1900.', logo: 'https://acme.example/logo.png' }
      const describe = `mutation ($input: DescribeBrandInput!) { describeBrand(input: $input) { brand { name description logo site } errors { code } } }`
      expect(await asked(describe, { brandId: brandId('acme'), ...page })).toEqual({
        brand: { name: 'Acme', ...page, site: null },
        errors: [],
      })
    })

    it('is for operators, and where a product is delivered to for merchants too', async () => {
      for (const [query, input] of [
        [SAVE, { name: 'x' }],
        [GRADE, { productId: PRODUCT, grade: 'A', notes: 'x' }],
      ] as const)
        expect((await hosted.ask({ query, variables: { input } }, as('merchant'))).errors?.[0]?.extensions.code).toBe(
          'FORBIDDEN',
        )
    })
  })
})
