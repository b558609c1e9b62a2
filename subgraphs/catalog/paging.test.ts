import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { seededChance } from '../../platform/time/chance.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { eachMigrated } from '../../test/support/databases.js'
import { CATALOG } from '../../test/support/standing.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { catalog } from './subgraph.js'

const STAFF: Identity = { ...ANONYMOUS, member: 'Member:shop', roles: ['operator'], expiresAt: 9e9 }
const IMPORT = 'mutation ($input: ImportProductsInput!) { importProducts(input: $input) { results { outcome } } }'
const PAGE = `query ($after: String, $search: String, $sort: ProductSort) {
  products(first: 7, after: $after, search: $search, sort: $sort) { nodes { handle } pageInfo { endCursor hasNextPage } } }`
const SEED = Number(process.env['SEED'] ?? 20)

interface Page {
  readonly products: {
    readonly nodes: readonly { readonly handle: string }[]
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
  }
}

const product = (at: number, more: object = {}) => ({
  ...{ handle: `h${at}`, title: `${'wool '.repeat(1 + (at % 3))}scarf 围巾 ${at}`, ...more },
  variants: [{ optionValues: [], priceMinor: 100 * (1 + (at % 5)) }],
})

eachMigrated(CATALOG, (open) => {
  describe('pages of a list that changes meanwhile', () => {
    let db: Database
    let hosted: HostedSubgraph
    const clock = fakeClock()
    beforeEach(async () => {
      db = await open()
      hosted = await runSubgraph(catalog(), aGround({ db, clock }))
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    async function feed(...products: readonly object[]): Promise<void> {
      const input = { seller: 's', currency: 'CNY', products }
      expect((await hosted.ask({ query: IMPORT, variables: { input } }, STAFF)).errors).toBeUndefined()
      await clock.advance(1)
    }

    it.each([
      ['NEWEST', null],
      ['PRICE_ASC', null],
      ['PRICE_DESC', null],
      ['RELEVANCE', 'wool 围巾'],
    ])('hold each product that stays once, in the order %s', async (sort, search) => {
      const chance = seededChance(SEED)
      for (let at = 0; at < 60; at += 15) await feed(...Array.from({ length: 15 }, (_, nth) => product(at + nth)))
      const gone = new Set<string>()
      const seen: string[] = []
      let next = 60
      for (let after: string | null = null, more = true; more;) {
        const { data } = await hosted.ask({ query: PAGE, variables: { after, search, sort } }, ANONYMOUS)
        const { nodes, pageInfo } = (data as Page).products
        seen.push(...nodes.map(({ handle }) => handle))
        const leaving = Math.floor(chance.fraction() * 60)
        gone.add(`h${leaving}`)
        await feed(product(next++), product(next++), product(leaving, { published: false }))
        const changed = Math.floor(chance.fraction() * 60)
        if (!gone.has(`h${changed}`)) await feed(product(changed, { bodyHtml: `<p>${next}</p>` }))
        after = pageInfo.endCursor
        more = pageInfo.hasNextPage && next < 200
      }
      expect(new Set(seen).size, `seed ${SEED}`).toBe(seen.length)
      const stayed = Array.from({ length: 60 }, (_, at) => `h${at}`).filter((handle) => !gone.has(handle))
      expect(seen, `seed ${SEED}`).toEqual(expect.arrayContaining(stayed))
    })
  })
})
