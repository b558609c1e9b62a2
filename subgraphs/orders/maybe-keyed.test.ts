import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { aShop, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { aGround } from '../../test/support/ground.js'
import { ORDERS } from '../../test/support/standing.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { orders } from './subgraph.js'

const operator = someone('op', 'operator')
const yuan = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const OFFER = { kind: 'PLATFORM_SUBSIDY', variantId: VARIANT, label: 'a', currency: 'CNY', reduction: { byMinor: 1 } }
const ISSUE = { kind: 'PLATFORM_COUPON', label: 'a', from: yuan(1000), reduction: { byMinor: 50 }, quota: 5, perMember: 1 } // prettier-ignore
const SALE = { variantId: VARIANT, price: yuan(100), quota: 5, perMember: 2 }
const SESSION = { idempotencyKey: 's', label: 'a', budget: yuan(1000), shares: [{ bearer: 'platform', shareBp: 10_000 }] } // prettier-ignore

eachMigrated(ORDERS, (open) => {
  describe('under a key that may be left out', () => {
    let db: Database
    let hosted: HostedSubgraph
    let session: { readonly subsidySessionId: string }

    beforeAll(async () => {
      db = await open()
      await aShop(db)
      const bus = memoryBus({ clock: systemClock, observer: silent })
      const secrets = secretsFrom(Buffer.alloc(32, 7))
      hosted = await runSubgraph(orders({ secrets, env: {} }), aGround({ db, bus }))
      const opened = await done('openSubsidySession', SESSION, 'subsidySession')
      session = { subsidySessionId: opened ?? '' }
    })
    afterAll(async () => {
      await hosted.stop()
      await db.close()
    })

    /** The id of what was made, or the code of the refusal. */
    async function done(mutation: string, input: object, made: string): Promise<string | undefined> {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { it: ${mutation}(input: $input) { it: ${made} { id } errors { code } } }`
      const { data, errors } = await hosted.ask({ query, variables: { input } }, operator)
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      const { it } = data as { it: { it: { id: string } | null; errors: readonly { code: string }[] } }
      return it.it?.id ?? it.errors[0]?.code
    }
    const rowsOf = async (table: string) => (await db.query(`select from orders.${table}`)).count

    it.each([
      ['openPriceOffer', 'priceOffer', 'price_offer', () => OFFER, { label: 'b' }],
      ['issueCoupons', 'couponIssue', 'coupon_issue', () => ISSUE, { quota: 6 }],
      ['openFlashSale', 'flashSale', 'flash_sale', () => SALE, { quota: 6 }],
      ['addToSubsidySession', 'subsidySession', 'price_offer', addition, { reduction: { byMinor: 3 } }],
    ] as const)('%s makes one thing, refuses another body, and makes another without', async (...row) => {
      const [mutation, made, table, input, change] = row
      const before = await rowsOf(table)
      const keyed = { ...input(), idempotencyKey: 'k' }
      const id = await done(mutation, keyed, made)
      expect(id).toContain(':')
      expect(await done(mutation, keyed, made)).toBe(id)
      expect(await done(mutation, { ...keyed, ...change }, made)).toBe('IDEMPOTENCY_MISMATCH')
      expect(await done(mutation, { ...keyed, idempotencyKey: '' }, made)).toBe('BAD_USER_INPUT')
      expect(await rowsOf(table)).toBe(before + 1)
      await done(mutation, input(), made)
      expect(await rowsOf(table)).toBe(before + 2)
    })

    function addition() {
      return { ...session, variantId: VARIANT, reduction: { byMinor: 2 } }
    }

    it('goods that were put into a session are answered for after its end too', async () => {
      const keyed = { ...addition(), idempotencyKey: 'late' }
      await done('addToSubsidySession', keyed, 'subsidySession')
      await done('closeSubsidySession', session, 'subsidySession')
      expect(await done('addToSubsidySession', keyed, 'subsidySession')).toBe(session.subsidySessionId)
      expect(await done('addToSubsidySession', addition(), 'subsidySession')).toBe('OFFER_CLOSED')
    })
  })
})
