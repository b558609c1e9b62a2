import { describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Identity } from '../../schema/identity.js'
import { aShop, bind, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { ORDERS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph } from '../host/run.js'
import { orders } from './subgraph.js'

const merchant = someone('mei', 'merchant')
const ann = someone('ann', 'member')
const hour = (count: number): Date => new Date(Date.UTC(2026, 10, 11, 12 + count))
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const DEPOSIT = 'deposit { amount { amountMinor } countsFor { amountMinor } balance { amountMinor } preSale { state } }'
const DUE = { amount: { amountMinor: 200 }, countsFor: { amountMinor: 400 }, balance: { amountMinor: 1600 } }

describe('a pre-sale on the graph', () => {
  eachMigrated(ORDERS, (open) => {
    it('is opened by its merchant, shown with its variant, quoted, ordered and paid in two steps', async () => {
      const db = await open()
      const shop = await aShop(db)
      await bind(shop, 'mei', ['shop'])
      const bus = memoryBus({ clock: systemClock, observer: silent })
      const parts = { provider: shop.provider, databaseClock: () => Promise.resolve(shop.at) }
      const secrets = secretsFrom(Buffer.alloc(32, 7))
      const hosted = await runSubgraph(orders({ secrets, env: {}, ...parts }), aGround({ db, bus }))
      const ask = async (query: string, variables: object, who: Identity) => {
        const { data, errors } = await hosted.ask({ query, variables: { ...variables } }, who)
        expect(errors).toBeUndefined()
        return data as Record<string, unknown>
      }
      const did = (name: string, type: string, { input, fields }: { input: object; fields: string }, who = ann) =>
        ask(`mutation ($i: ${type}!) { it: ${name}(input: $i) { ${fields} errors { code } } }`, { i: input }, who)

      const terms = { deposit: cny(100), countsFor: cny(200), quota: 9, perMember: 9, missed: 'GIVE_BACK' }
      const times = { depositUntil: hour(1), balanceFrom: hour(2), balanceUntil: hour(3) }
      const input = { idempotencyKey: 'k', variantId: VARIANT, ...terms, ...times }
      const fields = 'preSale { id state left missed givenUp shares { bearer } }'
      const { it: made } = await did('openPreSale', 'OpenPreSaleInput', { input, fields }, merchant)
      const state = {
        state: 'OPEN',
        left: 9,
        missed: 'GIVE_BACK',
        givenUp: 'FORFEIT',
        shares: [{ bearer: 'seller:shop' }],
      }
      expect(made).toMatchObject({ preSale: state, errors: [] })
      const { id } = (made as { preSale: { id: string } }).preSale

      const entities =
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { preSale { id state } } } }'
      const r = [{ __typename: 'Variant', id: VARIANT }]
      expect(await ask(entities, { r }, ann)).toMatchObject({ _entities: [{ preSale: { id, state: 'OPEN' } }] })

      const lines = [{ variantId: VARIANT, quantity: 2, preSaleId: id }]
      const quote = `query ($i: QuoteInput!) { quote(input: $i) { total { amountMinor } ${DEPOSIT} lines { price { steps { kind bearer } } } } }`
      const steps = [
        { kind: 'COMPARE_AT' },
        { kind: 'LIST' },
        { kind: 'PRE_SALE', bearer: 'seller:shop' },
        { kind: 'DEPOSIT' },
      ]
      expect(await ask(quote, { i: { lines } }, ann)).toMatchObject({
        quote: {
          total: { amountMinor: 1800 },
          deposit: { ...DUE, preSale: { state: 'OPEN' } },
          lines: [{ price: { steps } }],
        },
      })
      const place = {
        input: { idempotencyKey: 'o', lines, expectedTotalMinor: 1800 },
        fields: `order { id state ${DEPOSIT} }`,
      }
      const { it: bought } = await did('placeOrder', 'PlaceOrderInput', place)
      expect(bought).toMatchObject({ order: { state: 'DEPOSIT_DUE', deposit: DUE }, errors: [] })

      const orderId = (bought as { order: { id: string } }).order.id
      const paying = { idempotencyKey: 'p', orderId, method: 'card' }
      const paid = 'order { state paid { amountMinor } payment { byProvider { amountMinor } } }'
      expect(await did('payOrder', 'PayOrderInput', { input: paying, fields: paid })).toMatchObject({
        it: {
          order: { state: 'DEPOSIT_PAID', paid: { amountMinor: 200 }, payment: { byProvider: { amountMinor: 200 } } },
        },
      })
      expect(await did('payBalance', 'PayOrderInput', { input: paying, fields: paid })).toMatchObject({
        it: { order: null, errors: [{ code: 'STATE_FORBIDS' }] },
      })
      shop.at = hour(2)
      expect(await did('payBalance', 'PayOrderInput', { input: paying, fields: paid })).toMatchObject({
        it: { order: { state: 'PAID', paid: { amountMinor: 1800 }, payment: { byProvider: { amountMinor: 1800 } } } },
      })
      const close = { input: { preSaleId: id, callOff: true }, fields: 'preSale { state }' }
      expect(await did('closePreSale', 'ClosePreSaleInput', close, merchant)).toMatchObject({
        it: { preSale: { state: 'ENDED' }, errors: [] },
      })
      await hosted.stop()
      await db.close()
    })
  })
})
