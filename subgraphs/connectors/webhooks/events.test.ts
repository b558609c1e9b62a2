import { afterEach, describe, expect, it } from 'vitest'
import { secretsFrom } from '../../../platform/secret.js'
import type { Identity } from '../../../schema/identity.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEBHOOKS } from '../../../test/support/standing.js'
import { aGround } from '../../../test/support/ground.js'
import { until } from '../../../test/support/until.js'
import { runSubgraph, type HostedSubgraph } from '../../host/run.js'
import type { Ground } from '../../host/subgraph.js'
import { webhooks } from './subgraph.js'

const AT = '2026-11-11T12:00:00.000Z'

eachMigrated(WEBHOOKS, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  afterEach(async () => {
    await hosted.stop()
    await ground.bus.close()
    await ground.db.close()
  })

  async function opened(): Promise<void> {
    ground = aGround({ db: await open() })
    hosted = await runSubgraph(webhooks({ secrets: secretsFrom(Buffer.alloc(32)), env: {} }), ground)
  }
  const acme: Identity = { member: null, partner: 'acme', roles: ['partner'], scopes: [], expiresAt: 4_000_000_000 }
  let position = 0
  const tell = (kind: string, body: object) => {
    position += 1
    const event = JSON.stringify({ id: `event-${position}`, at: AT, kind, ...body })
    return ground.bus.append('orders', [{ position: `${position}-1`, body: event }])
  }
  const moved = (version: number, state: string, whose = 'acme') =>
    tell('orders.moved', {
      ...{ order: 'Order:1', version, state, member: null, partner: whose, partnerOrder: 'A1' },
      ...{ totalMinor: 1990, currency: 'CNY', carrier: null, waybill: null, lines: [] },
    })
  const stock = (version: number, available: number, variant = 'Variant:v') =>
    tell('orders.stockChanged', { variant, version, available })

  describe('a partner who keeps a line open', () => {
    const EVENTS = 'subscription { partnerEvents { kind version partnerOrderId order { id } variant { id } body } }'
    const watch = async (who = acme) => {
      const events = await hosted.subscribe({ query: EVENTS }, who)
      return {
        next: async () => (await events.next()).value as { data?: { partnerEvents: object }; errors?: object[] },
        leave: () => events.return?.(),
      }
    }
    const returned = (version: number, state: string) =>
      tell('orders.afterSaleMoved', {
        ...{ afterSale: 'AfterSale:1', order: 'Order:1', version, state, member: null, partner: 'acme' },
        ...{ partnerOrder: 'A1', note: state === 'REFUSED' ? 'worn' : null, backMinor: 0, currency: 'CNY' },
      })

    it('is told each step of its orders and returns, and of stock the newest that it has not read', async () => {
      await opened()
      const line = await watch()
      const first = line.next()
      await moved(1, 'PAID')
      expect(await first).toMatchObject({
        data: { partnerEvents: { kind: 'order.moved', partnerOrderId: 'A1', order: { id: 'Order:1' }, version: 1 } },
      })
      await stock(2, 7)
      await moved(2, 'SHIPPED', 'other')
      await returned(1, 'REQUESTED')
      await stock(3, 6)
      await returned(2, 'REFUSED')
      const kinds = []
      for (let at = 0; at < 3; at++) kinds.push(JSON.stringify((await line.next()).data?.partnerEvents))
      expect(kinds[0]).toContain('after-sale.moved')
      expect(kinds[1]).toContain('available\\":6')
      expect(kinds[2]).toContain('worn')
      await line.leave()
    })

    it('is told of each parcel when it leaves and when it arrives', async () => {
      await opened()
      const line = await watch()
      const first = line.next()
      const parcel = (version: number, state: string, partner = 'acme') =>
        tell('orders.parcelMoved', {
          ...{ parcel: 'Parcel:1-1', order: 'Order:1', version, state, partner, partnerOrder: 'A1' },
          ...{ carrier: 'SF', waybill: 'SF1' },
        })
      await parcel(1, 'SHIPPED', 'other')
      await parcel(1, 'SHIPPED')
      await parcel(2, 'RECEIVED')
      const left = await first
      expect(left).toMatchObject({
        data: { partnerEvents: { kind: 'parcel.moved', partnerOrderId: 'A1', order: { id: 'Order:1' }, version: 1 } },
      })
      expect(JSON.stringify(left)).toContain('waybill\\":\\"SF1')
      expect(JSON.stringify(await line.next())).toContain('RECEIVED')
      await line.leave()
    })

    it('is told to begin anew when it is too far behind, and not before', async () => {
      await opened()
      const line = await watch()
      const first = line.next()
      await stock(1, 1, 'Variant:first')
      await first
      for (let at = 0; at <= 10_000; at += 100)
        await ground.bus.append(
          'orders',
          Array.from({ length: 100 }, (_, more) => {
            const variant = `Variant:${at + more}`
            const fact = { variant, version: 1, available: 1, id: variant, at: AT, kind: 'orders.stockChanged' }
            return { position: `${(position += 1)}-1`, body: JSON.stringify(fact) }
          }),
        )
      await until(async () => JSON.stringify(await line.next()).includes('"kind":"gap"'), 'the gap')
      expect(await line.next()).toBeUndefined()
      await line.leave()
    })

    it('S32 needs the scope', async () => {
      await opened()
      const who: Identity = { ...acme, scopes: ['order'], credential: { id: 'pc_1', networks: [] } }
      expect(await (await watch(who)).next()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    })
  })
})
