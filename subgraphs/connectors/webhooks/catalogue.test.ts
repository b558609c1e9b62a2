import { afterEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEBHOOKS } from '../../../test/support/standing.js'
import { until } from '../../../test/support/until.js'
import { ACME, aWebhooksHouse, type WebhooksHouse } from '../../../test/support/webhooks-house.js'

const CATALOGUE = `query ($after: String) { partnerCatalog(first: 3, after: $after) {
  edges { node { variant { id } onShelf } } pageInfo { endCursor hasNextPage } } }`

interface Catalogue {
  readonly edges: readonly { readonly node: { readonly variant: { readonly id: string }; readonly onShelf: boolean } }[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

eachMigrated(WEBHOOKS, (open) => {
  let house: WebhooksHouse
  afterEach(() => house.stop())

  describe('the catalogue of a partner', () => {
    const feed = (variant: string, version: number, selfOperated = true) =>
      house.tell(
        'catalog.variantFed',
        {
          ...{ product: 'Product:p', variant, version, currency: 'CNY', priceMinor: 1990, compareAtMinor: null },
          ...{ quantity: 5, title: 'A shirt', sku: null, seller: 'shop', selfOperated, image: null },
        },
        'catalog',
      )
    const shelf = (version: number, published: boolean) =>
      house.tell(
        'catalog.productChanged',
        {
          ...{ product: 'Product:p', version, seller: 'shop', selfOperated: true, title: 'A shirt' },
          ...{ handle: 'shirt', published },
        },
        'catalog',
      )
    async function page(after: string | null = null, who = ACME) {
      const { data, errors } = await house.ask(CATALOGUE, { after }, who)
      expect(errors).toBeUndefined()
      const { edges, pageInfo } = (data as { partnerCatalog: Catalogue }).partnerCatalog
      const goods = edges.map(({ node }) => `${node.variant.id.slice(-1)}${node.onShelf ? '+' : '-'}`)
      return { goods: goods.toSorted(), end: pageInfo.endCursor, hasMore: pageInfo.hasNextPage }
    }
    /** Reads on from a place until what is expected has been heard. */
    const changes = async (after: string | null, goods: readonly string[]): Promise<string | null> => {
      await until(async () => (await page(after)).goods.join() === goods.join(), `${goods.join()} in the catalogue`)
      return (await page(after)).end
    }

    it('holds what we sell ourselves, in pages, and then what changed since', async () => {
      house = await aWebhooksHouse(await open())
      await shelf(1, true)
      await feed('Variant:a', 2)
      await feed('Variant:b', 3)
      await feed('Variant:c', 4, false)
      const end = await changes(null, ['a+', 'b+'])
      await house.stock(9, 4, 'Variant:a')
      const later = await changes(end, ['a+'])
      await shelf(5, false)
      await changes(later, ['a-', 'b-'])
      expect(await page(null)).toMatchObject({ goods: ['a-', 'b-'], hasMore: false })
    })

    it('tells a change once, however often it changed, and no older shelf after a newer one', async () => {
      house = await aWebhooksHouse(await open())
      await feed('Variant:a', 1)
      await shelf(3, true)
      const end = await changes(null, ['a+'])
      await shelf(2, false)
      await house.stock(9, 4, 'Variant:a')
      await house.stock(10, 3, 'Variant:a')
      await changes(end, ['a+'])
    })

    it('S32 is for partners only', async () => {
      house = await aWebhooksHouse(await open())
      const { errors } = await house.ask(CATALOGUE, {}, { ...ACME, roles: ['member'] })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    })
  })
})
