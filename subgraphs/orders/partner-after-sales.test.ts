import { afterEach, describe, expect, it } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import { fields, list, text } from '../../platform/decode.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Identity } from '../../schema/identity.js'
import { aPartner, someone, toldBy, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { ORDERS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { ENTITY, FED } from '../../test/support/orders-documents.js'
import { until } from '../../test/support/until.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import type { Ground } from '../host/subgraph.js'
import { moneyDifferences, stockDifferences } from './store/audits.js'
import { orders } from './subgraph.js'

const acme = aPartner('acme')
const operator = someone('op', 'operator')
const ORDER = 'order { id state total { amountMinor } refunded { amountMinor } lines { id } } errors { code field }'
const RETURN = 'afterSale { id state note back { amountMinor } items { quantity accepted } } errors { code }'

eachMigrated(ORDERS, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  afterEach(async () => {
    await hosted.stop()
    await ground.bus.close()
    await ground.db.close()
  })

  const does = async (name: string, input: object, who: Identity = acme) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const about = /Return$/.test(name) ? RETURN : ORDER
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${about} } }`
    const { data, errors } = await hosted.ask({ query, variables: { input } }, who)
    if (errors !== undefined) return { refused: errors[0]?.extensions['code'] }
    const answer = fields(fields(data, 'data')[name], name)
    const [error] = list(answer['errors'], 'errors', fields)
    return { ...answer, code: error?.['code'] ?? null, field: error?.['field'] ?? null }
  }

  /** An order of three shirts at 1000, and its line. */
  async function placed(): Promise<{ readonly order: string; readonly line: string }> {
    ground = aGround({ db: await open(), bus: memoryBus({ clock: systemClock, observer: silent }) })
    hosted = await runSubgraph(orders({ secrets: secretsFrom(Buffer.alloc(32, 7)), env: {} }), ground)
    await ground.bus.append('catalog', [{ position: '1-1', body: JSON.stringify(FED) }])
    await until(async () => {
      const { data } = await hosted.ask(
        { query: ENTITY, variables: { r: [{ __typename: 'Variant', id: VARIANT }] } },
        acme,
      )
      return JSON.stringify(data).includes('1000')
    }, 'the price')
    const lines = [{ variantId: VARIANT, quantity: 3 }]
    const placed = await does('partnerPlaceOrder', { idempotencyKey: 'k', partnerOrderId: 'A1', lines })
    const order = fields('order' in placed ? placed['order'] : null, 'order')
    const [line] = list(order['lines'], 'lines', fields)
    return { order: text(order['id'], 'id'), line: text(line?.['id'], 'line') }
  }
  async function paid() {
    const it = await placed()
    await does('partnerConfirm', { partnerOrderId: 'A1', paidMinor: 3000, paidAt: '2026-11-11T12:00:00Z' })
    return it
  }
  const part = (idempotencyKey: string, line: string, quantity: number) => ({
    ...{ idempotencyKey, partnerOrderId: 'A1', reason: 'too small', lines: [{ lineId: line, quantity }] },
  })
  const money = (idempotencyKey: string, amountMinor: number) => ({
    ...{ idempotencyKey, partnerOrderId: 'A1', reason: 'a scratch', amountMinor },
  })
  const gave = (state: string, amountMinor: number) => ({ code: null, order: { state, refunded: { amountMinor } } })
  const audited = async () => [...(await moneyDifferences(ground.db)), ...(await stockDifferences(ground.db))]
  const ship = (order: string) => does('shipOrder', { orderId: order, carrier: 'SF', waybill: '1' }, operator)
  const told = async () =>
    (await toldBy(ground.db)).flatMap((it) =>
      it.kind === 'orders.afterSaleMoved' ? [[it.state, it.partnerOrder]] : [],
    )

  describe('a partner after its sale', () => {
    it('gives up pieces of a line that have not left, once under a key', async () => {
      const { line } = await paid()
      const wish = part('c', line, 1)
      expect(await does('partnerCancelLines', wish)).toMatchObject({ code: null, order: { state: 'PAID' } })
      expect(await does('partnerCancelLines', wish)).toMatchObject({ code: null })
      expect(await does('partnerCancelLines', part('c', line, 2))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
      const { rows } = await ground.db.query('select undone, back_minor from orders.line')
      expect(rows).toEqual([{ undone: 1, back_minor: 1000 }])
    })

    it('gives a part of the money back, once under a key, while the pieces stay bought, and then the rest', async () => {
      const { order } = await paid()
      expect(await does('partnerRefundPart', money('1', 999))).toMatchObject(gave('PAID', 999))
      expect(await does('partnerRefundPart', money('1', 999))).toMatchObject(gave('PAID', 999))
      expect(await does('partnerRefundPart', money('1', 998))).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
      await ship(order)
      const twice = await Promise.all(['2', '2'].map((key) => does('partnerRefundPart', money(key, 1))))
      for (const answer of twice) expect(answer).toMatchObject(gave('SHIPPED', 1000))
      await does('partnerReceive', { partnerOrderId: 'A1' })
      expect(await does('partnerRefundPart', money('3', 500))).toMatchObject(gave('COMPLETED', 1500))
      const { rows } = await ground.db.query('select undone, back_minor from orders.line')
      expect(rows).toEqual([{ undone: 0, back_minor: 1500 }])
      expect(await audited()).toEqual([])
      const rest = { partnerOrderId: 'A1', reason: 'the rest too' }
      expect(await does('partnerRefund', rest)).toMatchObject(gave('REFUNDED', 3000))
      expect(await audited()).toEqual([])
    })

    it('refunds the order with the part that leaves nothing, and its pieces are free', async () => {
      await paid()
      await does('partnerRefundPart', money('1', 1))
      expect(await does('partnerRefundPart', money('2', 2999))).toMatchObject(gave('REFUNDED', 3000))
      expect(await does('partnerRefundPart', money('2', 2999))).toMatchObject(gave('REFUNDED', 3000))
      const { rows } = await ground.db.query('select undone, returned from orders.line')
      expect(rows).toEqual([{ undone: 3, returned: 3 }])
      expect(await audited()).toEqual([])
    })

    it('refunds an order once, however many reasons it is given for it, and the first one stands', async () => {
      await paid()
      const undo = (reason: string) => does('partnerRefund', { partnerOrderId: 'A1', reason })
      expect(await undo('closed')).toMatchObject(gave('REFUNDED', 3000))
      expect(await undo('a refund was asked for')).toMatchObject(gave('REFUNDED', 3000))
      const twice = await Promise.all([undo('late'), undo('lost')])
      for (const answer of twice) expect(answer).toMatchObject(gave('REFUNDED', 3000))
      const { rows } = await ground.db.query('select reason from orders.purchase')
      expect(rows).toEqual([{ reason: 'closed' }])
      expect(await audited()).toEqual([])
    })

    it('gives no more back than is left, nothing of what is not paid, and nothing for others', async () => {
      await placed()
      expect(await does('partnerRefundPart', money('1', 1))).toMatchObject({ code: 'STATE_FORBIDS' })
      await does('partnerConfirm', { partnerOrderId: 'A1', paidMinor: 3000, paidAt: '2026-11-11T12:00:00Z' })
      await does('partnerRefundPart', money('2', 1000))
      const much = await does('partnerRefundPart', money('3', 2001))
      expect(much).toMatchObject({ code: 'STATE_FORBIDS', field: 'amountMinor' })
      expect(await does('partnerRefundPart', money('4', 0))).toMatchObject({ code: 'BAD_USER_INPUT' })
      expect(await does('partnerRefundPart', money('5', 1), aPartner('other'))).toMatchObject({ code: 'NOT_FOUND' })
      const buying: Identity = { ...acme, scopes: ['order'], credential: { id: 'pc_1', networks: [] } }
      expect(await does('partnerRefundPart', money('6', 1), buying)).toEqual({ refused: 'FORBIDDEN' })
      expect(await audited()).toEqual([])
    })

    it('asks for pieces to go back, sends them, and is told what the shop decides at each step', async () => {
      const { order, line } = await paid()
      expect(await does('partnerRequestReturn', part('r', line, 2))).toMatchObject({ code: 'NOT_FOUND' })
      await ship(order)
      const asked = await does('partnerRequestReturn', part('r', line, 2))
      expect(asked).toMatchObject({ afterSale: { state: 'REQUESTED', items: [{ quantity: 2 }] } })
      const afterSaleId = text(fields('afterSale' in asked ? asked['afterSale'] : null, 'afterSale')['id'], 'id')
      await does('moveReturn', { idempotencyKey: '1', afterSaleId, deed: 'APPROVE' }, operator)
      const back = { idempotencyKey: '2', afterSaleId, deed: 'SEND_BACK', carrier: 'SF', waybill: '2' }
      expect(await does('partnerMoveReturn', back)).toMatchObject({ afterSale: { state: 'SENT_BACK' } })
      await does('moveReturn', { idempotencyKey: '3', afterSaleId, deed: 'RECEIVE' }, operator)
      const findings = [{ lineId: line, accepted: 1, reason: 'worn' }]
      const done = await does('inspectReturn', { idempotencyKey: '4', afterSaleId, findings }, operator)
      expect(done).toMatchObject({ afterSale: { state: 'REFUNDED', back: { amountMinor: 1000 } } })
      expect(await told()).toEqual(
        ['REQUESTED', 'APPROVED', 'SENT_BACK', 'RECEIVED', 'REFUNDED'].map((state) => [state, 'A1']),
      )
    })

    it('sees by its subscription that the shop refused', async () => {
      const { order, line } = await paid()
      await ship(order)
      const query = `subscription { orderMoved(orderId: "${order}") { afterSales { state note } } }`
      const steps = await hosted.subscribe({ query }, acme)
      const next = async () => JSON.stringify((await steps.next()).value)
      expect(await next()).toContain('"afterSales":[]')
      const asked = await does('partnerRequestReturn', part('r', line, 1))
      expect(await next()).toContain('REQUESTED')
      const afterSaleId = text(fields('afterSale' in asked ? asked['afterSale'] : null, 'afterSale')['id'], 'id')
      await does('moveReturn', { idempotencyKey: '1', afterSaleId, deed: 'REJECT', note: 'too late' }, operator)
      expect(await next()).toContain('"state":"REFUSED","note":"too late"')
      await steps.return?.()
    })

    it('S32 knows nothing of another partner’s orders, and does nothing without the scope', async () => {
      const { order, line } = await paid()
      await ship(order)
      const other = aPartner('other')
      expect(await does('partnerCancelLines', part('c', line, 1), other)).toMatchObject({ code: 'NOT_FOUND' })
      expect(await does('partnerRequestReturn', part('r', line, 1), other)).toMatchObject({ code: 'NOT_FOUND' })
      const asked = await does('partnerRequestReturn', part('r', line, 1))
      const afterSaleId = text(fields('afterSale' in asked ? asked['afterSale'] : null, 'afterSale')['id'], 'id')
      const move = { idempotencyKey: '1', afterSaleId, deed: 'WITHDRAW' }
      expect(await does('partnerMoveReturn', move, other)).toMatchObject({ code: 'NOT_FOUND' })
      const buying: Identity = { ...acme, scopes: ['order'], credential: { id: 'pc_1', networks: [] } }
      expect(await does('partnerMoveReturn', move, buying)).toEqual({ refused: 'FORBIDDEN' })
      expect(await does('partnerRequestReturn', part('r2', line, 1), buying)).toEqual({ refused: 'FORBIDDEN' })
      const looking: Identity = { ...buying, scopes: ['catalog'] }
      const { errors } = await hosted.ask({ query: `{ order(id: "${order}") { id } }` }, looking)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    })
  })
})
