import { afterEach, describe, expect, it } from 'vitest'
import { secretsFrom } from '../../../../platform/secret.js'
import type { Identity, Role } from '../../../../schema/identity.js'
import { eachMigrated } from '../../../../test/support/databases.js'
import { KUAISHOU } from '../../../../test/support/standing.js'
import { aGround } from '../../../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../../../host/run.js'
import type { Ground } from '../../../host/subgraph.js'
import { keepFed } from '../store/goods.js'
import { kuaishou } from '../subgraph.js'

const LIST =
  'mutation($i: ListOnKuaishouInput!) { listOnKuaishou(input: $i) { listings { id state variant { id } } errors { code field } } }'
const PAGE = '{ kuaishouListings(first: 1) { edges { node { id } } pageInfo { hasNextPage } } }'
const ENTITY =
  'query($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { id kuaishouListing { state } } ... on Listing { id } } }'

eachMigrated(KUAISHOU, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  afterEach(async () => {
    await hosted.stop()
    await ground.db.close()
  })

  /** Two shirts of our own and one of somebody else. */
  async function opened(): Promise<void> {
    ground = aGround({ db: await open() })
    const ask = () => Promise.resolve({ data: null, errors: [] })
    // Nobody is there: what is wanted waits in its errand.
    const env = { KUAISHOU_URL: 'http://127.0.0.1:1', KUAISHOU_POLL_MS: '3600000' }
    hosted = await runSubgraph(kuaishou({ secrets: secretsFrom(Buffer.alloc(32)), env, ask }), ground)
    const goods = [
      ['a', true],
      ['b', true],
      ['foreign', false],
    ] as const
    const feeds = goods.map(([key, selfOperated]) => ({
      ...{ id: key, kind: 'catalog.variantFed' as const, at: '2026-11-11T12:00:00Z', product: 'Product:p' },
      ...{ variant: `Variant:${key}`, version: 1, currency: 'CNY', priceMinor: 100, compareAtMinor: null },
      ...{ quantity: 1, title: 'A shirt', sku: null, seller: 'shop', image: null, selfOperated },
    }))
    await keepFed(ground.db, feeds)
  }
  const someone = (...roles: readonly Role[]): Identity => {
    return { member: 'Member:m', partner: null, roles, scopes: [], expiresAt: 4_000_000_000 }
  }
  const list = (who: Identity, variantIds: readonly string[]) =>
    hosted.ask({ query: LIST, variables: { i: { variantIds } } }, who)

  describe('listings', () => {
    it('are wanted by operators and merchants, and paged', async () => {
      await opened()
      expect((await list(someone('merchant'), ['Variant:a', 'Variant:b'])).data).toMatchObject({
        listOnKuaishou: { errors: [], listings: [{ state: 'LISTING', variant: { id: 'Variant:a' } }, {}] },
      })
      expect((await hosted.ask({ query: PAGE }, someone('operator'))).data).toMatchObject({
        kuaishouListings: { edges: [{}], pageInfo: { hasNextPage: true } },
      })
    })

    it('are refused to everybody else', async () => {
      await opened()
      const refused = { errors: [{ extensions: { code: 'FORBIDDEN' } }] }
      expect(await list(someone('member', 'host'), ['Variant:a'])).toMatchObject(refused)
      expect(await hosted.ask({ query: PAGE }, someone('partner'))).toMatchObject(refused)
    })

    it('S32 are not shown to others by their ids either', async () => {
      await opened()
      const { data } = await list(someone('merchant'), ['Variant:a'])
      const id = JSON.stringify(data).match(/Listing:[a-z0-9]+/)?.[0]
      const r = [
        { __typename: 'Variant', id: 'Variant:a' },
        { __typename: 'Listing', id },
      ]
      const seen = async (who: Identity) => (await hosted.ask({ query: ENTITY, variables: { r } }, who)).data
      expect(await seen(someone('merchant'))).toEqual({
        _entities: [{ id: 'Variant:a', kuaishouListing: { state: 'LISTING' } }, { id }],
      })
      expect(await seen(someone('member'))).toEqual({ _entities: [{ id: 'Variant:a', kuaishouListing: null }, null] })
    })

    it.each([
      ['of others’ goods', ['Variant:a', 'Variant:foreign'], 'NOT_FOUND'],
      ['of unknown goods', ['Variant:none'], 'NOT_FOUND'],
      ['of what is no variant', ['Product:p'], 'BAD_USER_INPUT'],
      ['of nothing', [], 'BAD_USER_INPUT'],
    ])('are refused when they are %s, and nothing is kept', async (_what, variantIds, code) => {
      await opened()
      expect((await list(someone('merchant'), variantIds)).data).toMatchObject({
        listOnKuaishou: { listings: null, errors: [{ code }] },
      })
      expect((await ground.db.query('select 1 from kuaishou.listing')).rows).toEqual([])
    })
  })
})
