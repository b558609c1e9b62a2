import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { aShop, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { ORDERS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { orders } from './subgraph.js'

const ann = someone('ann', 'member')
const operator = someone('op', 'operator')
const MONEY = '{ amountMinor }'

eachMigrated(ORDERS, (open) => {
  describe('prices on the graph', () => {
    let db: Database
    let hosted: HostedSubgraph

    beforeAll(async () => {
      db = await open()
      await aShop(db)
      const bus = memoryBus({ clock: systemClock, observer: silent })
      const secrets = secretsFrom(Buffer.alloc(32, 7))
      hosted = await runSubgraph(orders({ secrets, env: {} }), aGround({ db, bus }))
    })
    afterAll(async () => {
      await hosted.stop()
      await db.close()
    })

    /** The field's answer; a test that meets an error it did not ask for ends. */
    async function asked(query: string, variables: Record<string, unknown>, who: Identity = ANONYMOUS) {
      const { data, errors } = await hosted.ask({ query, variables }, who)
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return Object.values(data as Record<string, unknown>)[0] as Record<string, { readonly id: string } | null>
    }
    const did = (name: string, type: string, { input, fields }: { input: object; fields: string }, who: Identity) =>
      asked(
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code field } } }`,
        { input },
        who,
      )

    const from = { amountMinor: 1000, currency: 'CNY' }
    const issue = { kind: 'PLATFORM_COUPON', label: '50 off', from, reduction: { byMinor: 50 }, quota: 5, perMember: 1 }

    it('open an offer, claim a coupon, explain a quote and keep its steps with the order', async () => {
      const offer = { kind: 'PLATFORM_SUBSIDY', variantId: VARIANT, label: 'subsidy', currency: 'CNY' }
      await did(
        'openPriceOffer',
        'OpenPriceOfferInput',
        { input: { ...offer, reduction: { byMinor: 100 } }, fields: 'priceOffer { id }' },
        operator,
      )
      const issued = await did(
        'issueCoupons',
        'IssueCouponsInput',
        { input: issue, fields: 'couponIssue { id left }' },
        operator,
      )
      const claim = { idempotencyKey: 'c', couponIssueId: issued['couponIssue']?.id }
      const claimed = await did('claimCoupon', 'ClaimCouponInput', { input: claim, fields: 'coupon { id }' }, ann)
      const input = { lines: [{ variantId: VARIANT, quantity: 3 }], couponIds: [claimed['coupon']?.id] }
      const quote = await asked(QUOTE, { input }, ann)
      expect(quote).toEqual({
        total: { amountMinor: 2650 },
        coupons: [{ amount: { amountMinor: -50 }, why: null }],
        lines: [
          {
            price: { current: { amountMinor: 900 }, lowest30Days: { amountMinor: 900 } },
            coupons: [{ kind: 'PLATFORM_COUPON', amount: { amountMinor: -50 }, bearer: 'platform' }],
            pieces: [
              { quantity: 1, each: { amountMinor: 884 } },
              { quantity: 2, each: { amountMinor: 883 } },
            ],
          },
        ],
      })
      const order = { ...input, idempotencyKey: 'o', expectedTotalMinor: 2650 }
      const lines = `order { id lines { total ${MONEY} steps { kind bearer } coupons { bearer } } }`
      expect(await did('placeOrder', 'PlaceOrderInput', { input: order, fields: lines }, ann)).toMatchObject({
        errors: [],
        order: {
          lines: [
            {
              total: { amountMinor: 2650 },
              steps: [{ kind: 'COMPARE_AT' }, { kind: 'LIST' }, { kind: 'PLATFORM_SUBSIDY', bearer: 'platform' }],
              coupons: [{ bearer: 'platform' }],
            },
          ],
        },
      })
      expect(await asked('{ myCoupons { id usedAt } }', {}, ann)).toMatchObject([{ id: claimed['coupon']?.id }])
    })

    it('show a coupon to its member alone', async () => {
      const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Coupon { id usedAt } } }'
      const mine = (await asked('{ myCoupons { id } }', {}, ann)) as unknown as readonly { readonly id: string }[]
      const r = [{ __typename: 'Coupon', id: mine[0]?.id }]
      expect(await asked(query, { r }, ann)).toMatchObject([{ id: mine[0]?.id }])
      expect(await asked(query, { r }, someone('bob', 'member'))).toEqual([null])
    })

    it('tell what is wrong with an offer, a floor or a coupon by code and field', async () => {
      const floor = { variantId: VARIANT, floor: { amountMinor: 1, currency: 'USD' } }
      expect(
        await did('setFloorPrice', 'SetFloorPriceInput', { input: floor, fields: 'variant { id }' }, operator),
      ).toEqual({
        variant: null,
        errors: [{ code: 'CURRENCY_MIXED', field: 'floor' }],
      })
      const both = { ...issue, reduction: { byMinor: 1, rateBp: 1 } }
      expect(
        await did('issueCoupons', 'IssueCouponsInput', { input: both, fields: 'couponIssue { id }' }, operator),
      ).toEqual({
        couponIssue: null,
        errors: [{ code: 'BAD_USER_INPUT', field: 'reduction' }],
      })
    })
  })
})

const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { total ${MONEY} coupons { amount ${MONEY} why } lines {
  price { current ${MONEY} lowest30Days ${MONEY} } coupons { kind amount ${MONEY} bearer } pieces { quantity each ${MONEY} } } } }`
