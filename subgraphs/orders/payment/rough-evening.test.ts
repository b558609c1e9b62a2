import { describe, expect, it } from 'vitest'
import type { Database } from '../../../platform/db/database.js'
import { serve } from '../../../platform/http/serve.js'
import { silent } from '../../../platform/observe/observer.js'
import { systemClock } from '../../../platform/time/clock.js'
import { readFaults } from '../../../sandbox/payment/faults.js'
import { openPaymentSandbox } from '../../../sandbox/payment/payment-sandbox.js'
import { aRequest, aShop, refusalOf, someone, VARIANT } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { until } from '../../../test/support/until.js'
import { openCounter } from '../flow/counter.js'
import { payOrder } from '../flow/pay-order.js'
import { paymentDoor } from '../flow/payment-door.js'
import { askAboutPayments } from '../flow/rounds.js'
import type { Shop } from '../flow/shop.js'
import { databaseClock } from '../store/database-clock.js'
import { ledgerDifferences } from '../store/movements.js'
import { findStock } from '../store/stock.js'
import { httpProvider } from './http-provider.js'

const PLACED = 30

/** A shop whose provider is the sandbox with every fault on, heard at a real door. */
async function roughShop(db: Database) {
  const options = { port: 0, clock: systemClock, observer: silent, secret: 's', seed: 5, decideMs: 1, lateMs: 50 }
  const sandbox = await openPaymentSandbox({ ...options, faults: readFaults('all') })
  const provider = httpProvider({ url: sandbox.url, secret: 's', timeoutMs: 5000 }, systemClock)
  const calm = await aShop(db, 50)
  const shop: Shop = { ...calm, provider, databaseClock, terms: { ...calm.terms, askAfterMs: 100 } }
  const door = await serve({ doors: [paymentDoor(shop)], port: 0, observer: silent })
  sandbox.pointTo(`${door.url}/hooks/payment`)
  const stop = async (): Promise<void> => {
    await sandbox.stop()
    await door.stop()
  }
  return { shop, sandbox, door, stop }
}

describe('an evening of late, repeated, contradictory and lost results', () => {
  eachMigrated(ORDERS, (open) => {
    it('ends with every order paid once, and both sides agreeing', async () => {
      const db = await open()
      const { shop, sandbox, stop } = await roughShop(db)
      const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 100 })
      await Promise.all(
        Array.from({ length: PLACED }, async (_, at) => {
          const order = await counter.place(aRequest(`m${at}`, 'k'))
          await payOrder(shop, someone(`m${at}`, 'member'), { idempotencyKey: 'p', order, method: 'card' })
        }),
      )
      await until(async () => {
        await askAboutPayments(shop)
        return (await findStock(db, [VARIANT])).get(VARIANT)?.sold === PLACED
      }, 'the last payment')
      const { rows } = await db.query<{ paid: string }>('select sum(paid_minor) as paid from orders.purchase')
      const taken = [...sandbox.ledger.charges.values()].reduce((sum, { amountMinor }) => sum + amountMinor, 0)
      expect([Number(rows[0]?.paid), sandbox.ledger.charges.size]).toEqual([taken, PLACED])
      expect(await ledgerDifferences(db)).toEqual([])
      await stop()
      await db.close()
    })

    it('refuses at its door what the provider did not sign just now', async () => {
      const db = await open()
      const { shop, door, stop } = await roughShop(db)
      const knock = (headers: Record<string, string>) =>
        fetch(`${door.url}/hooks/payment`, { method: 'POST', headers, body: '{}' })
      expect((await knock({})).status).toBe(401)
      expect((await knock({ 'payment-signature': `t=1,v1=${'0'.repeat(64)}` })).status).toBe(401)
      const forged = { path: new Map<string, string>(), query: new URLSearchParams(), headers: new Map() }
      const asked = paymentDoor(shop).answer({ ...forged, method: 'POST', body: Buffer.from('{}'), address: '' })
      expect(await refusalOf(asked)).toBe('SIGNATURE_INVALID')
      await stop()
      await db.close()
    })
  })
})
