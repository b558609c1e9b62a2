import { afterEach, describe, expect, it } from 'vitest'
import { fields, list } from '../../platform/decode.js'
import { parseExact } from '../../platform/exact-json.js'
import { call } from '../../platform/http/call.js'
import { serve } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { until } from '../../test/support/until.js'
import { encryptMessage } from './message-cipher.js'
import { openKuaishouSandbox, SANDBOX_APP, type KuaishouSandbox } from './kuaishou-sandbox.js'
import { signatureOf } from './signing.js'

const MINUTE = 60_000
const WORKED =
  '{"eventId":"267_2345_147402","bizId":201560025620985,"userId":12342323,"openId":"f00dfeed","appKey":"ks000000000000000001","event":"kwaishop_order_paySuccess","info":"{\\"oid\\":201560025620985,\\"sellerId\\":12342323,\\"status\\":30,\\"updateTime\\":1592280000000}","createTime":1592280000330,"test":false}'
const ENCRYPTED =
  'dfeWYlIikAu1qaaojGdMcEMXubOI0qjqohiEU2r9QrT37r/7U8olXAX6jFtiPstLH+idIXHAFuV8cYGHWv2i7JuoAoa2GbjuOO/p5YG0KD5j0CMjp/tKERjSgHIEFZUGFn/cWQ0BKOMH+Z9BJz42JOu1ZonxduGLyi1xEQ6YcPx0r4N4LpZyiy07gEiMJK6qtQVJZrE0AWEi9RoOkcHd8g/YY2QiicbV6KxN5YVlPH1bYL0e4aWIPwtWGIWV0+vlT5FHtX75cR2bhqZBJaEDMF+FDrKH9abSRnOQAarONf+cc4eqHKHx4HrngdsvDpAV3BzCk/1S3+gYHd9+sJzxtu7421PQpKbr94tmdq9rZ1smLqW7I4xQLuGQHr5sT6DBE37QZ3Zm6V4HMBG4XvVcOw=='
let sandbox: KuaishouSandbox
let clock: ReturnType<typeof fakeClock>
let token = ''
afterEach(() => sandbox.stop())

async function opened(): Promise<void> {
  clock = fakeClock('2026-11-11T12:00:00Z')
  sandbox = await openKuaishouSandbox({ port: 0, clock, observer: silent, seed: 5, faults: [] })
  const { app } = sandbox
  const query = { app_id: app.appKey, app_secret: app.appSecret, grant_type: 'code', code: sandbox.code() }
  token = String((await got(`/oauth2/access_token?${new URLSearchParams(query).toString()}`))['access_token'])
}
async function got(path: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await call({ url: sandbox.url + path, method: 'GET', timeoutMs: 5000, mostBytes: 1_000_000 })
  return fields(parseExact(answer.body.toString()), 'answer')
}
/** A signed call; `change` is made after signing. */
async function asked(method: string, param: object, change: Readonly<Record<string, string>> = {}) {
  const { path, query } = signed(method, param, change)
  return await got(`${path}?${query}`)
}
function signed(method: string, param: object, change: Readonly<Record<string, string>> = {}) {
  const params = new Map(
    Object.entries({
      ...{ access_token: token, appkey: SANDBOX_APP.appKey, method, version: '1', signMethod: 'MD5' },
      ...{ param: JSON.stringify(param), timestamp: clock.now().getTime().toString() },
    }),
  )
  params.set('sign', signatureOf(params, SANDBOX_APP.signSecret) ?? '')
  const query = new URLSearchParams({ ...Object.fromEntries(params), ...change }).toString()
  return { path: `/${method.replaceAll('.', '/')}`, query }
}
async function posted(method: string, param: object): Promise<Readonly<Record<string, unknown>>> {
  const { path, query } = signed(method, param)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = sandbox.url + path
  const { body } = await call({ url, method: 'POST', headers, body: query, timeoutMs: 5000, mostBytes: 1_000_000 })
  return fields(parseExact(body.toString()), 'answer')
}
function shown(num: number): void {
  const sku = { skuId: '8', relSkuId: '7', nick: 'A shirt', priceFen: 1990, stock: num }
  sandbox.memory.items.push({
    ...{ itemId: '6', relItemId: '5', title: 'A shirt', onShelf: true, skus: [sku], createTime: 1, updateTime: 1 },
  })
}
const orders = (from: number, to: number, some: object = {}) =>
  asked('open.order.cursor.list', {
    ...{ orderViewStatus: 1, pageSize: 50, queryType: 2, cursor: '', ...some },
    ...{ beginTime: clock.now().getTime() + from, endTime: clock.now().getTime() + to },
  })

describe('the sandbox of Kuaishou', () => {
  it('looks at nothing before the signature', async () => {
    await opened()
    expect(await asked('open.item.get', { kwaiItemId: 1 }, { param: '{"kwaiItemId":2}' })).toMatchObject({ result: 28 })
    expect(await asked('open.item.get', { kwaiItemId: 1 }, { access_token: 'x' })).toMatchObject({ result: 28 })
  })

  it('refuses a token that was taken back or is too old', async () => {
    await opened()
    await clock.advance(49 * 60 * MINUTE)
    expect(await orders(-MINUTE, 0)).toMatchObject({ result: 24, error_msg: 'AUTHORIZATION_REVOKED' })
  })

  it('lists orders page by page up to "nomore"', async () => {
    await opened()
    shown(7)
    for (let at = 0; at < 7; at++) await sandbox.buyers.order({ skuId: '8', num: 1 })
    const first = fields((await orders(-MINUTE, 0, { pageSize: 5 }))['data'], 'data')
    const second = fields((await orders(-MINUTE, 0, { pageSize: 5, cursor: first['cursor'] }))['data'], 'data')
    const oids = [first, second].flatMap((page) =>
      list(page['orderList'], 'orders', (order) => fields(fields(order, 'o')['orderBaseInfo'], 'base')['oid']),
    )
    expect([new Set(oids).size, second['cursor']]).toEqual([7, 'nomore'])
  })

  it.each([
    ['eight days long', -8 * 1440 * MINUTE, 0, 300_019],
    ['turned round', 0, -MINUTE, 300_003],
    ['older than ninety days', -91 * 1440 * MINUTE, -90 * 1440 * MINUTE, 300_005],
  ])('refuses a span that is %s', async (_what, from, to, result) => {
    await opened()
    expect(await orders(from, to)).toMatchObject({ result })
  })

  it('shrinks its spans while a campaign runs', async () => {
    await opened()
    sandbox.faults.set(['windows'])
    expect([(await orders(-60 * MINUTE, 0))['result'], (await orders(-9 * MINUTE, 0))['result']]).toEqual([300_019, 1])
  })

  it('keeps its limits of calls a second', async () => {
    await opened()
    const answers = await Promise.all(Array.from({ length: 320 }, () => orders(-MINUTE, 0)))
    expect(answers.filter(({ result }) => result === 1016)).toHaveLength(20)
    await clock.advance(1_000)
    expect((await orders(-MINUTE, 0))['result']).toBe(1)
  })

  it('lets a used refresh token die after five minutes', async () => {
    await opened()
    const form = new URLSearchParams({
      ...{ app_id: SANDBOX_APP.appKey, app_secret: SANDBOX_APP.appSecret, grant_type: 'refresh_token' },
      refresh_token: sandbox.memory.grants[0]?.refreshToken ?? '',
    }).toString()
    const url = `${sandbox.url}/oauth2/refresh_token`
    const refresh = async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { body } = await call({ url, method: 'POST', headers, body: form, timeoutMs: 5000, mostBytes: 10_000 })
      return fields(JSON.parse(body.toString()), 'answer')
    }
    expect([(await refresh())['result'], (await refresh())['result']]).toEqual([1, 1])
    await clock.advance(6 * MINUTE)
    expect(await refresh()).toMatchObject({ error: 'access_denied', error_msg: 'refreshToken.discarded' })
  })

  it('sends a message again after five and ten minutes when it was not taken', async () => {
    await opened()
    const heard: string[] = []
    const answer = (request: { readonly body: Uint8Array }) => {
      heard.push(Buffer.from(request.body).toString())
      const body = heard.length < 3 ? '{"result":0}' : '{"result":1}'
      return Promise.resolve({ status: 200, headers: {}, body })
    }
    const merchant = await serve({ doors: [{ method: 'POST', path: '/m', answer }], port: 0, observer: silent })
    sandbox.pointTo({ webhook: `${merchant.url}/m`, deduct: null })
    sandbox.messages.tell('kwaishop_order_addOrder', '1', { oid: 1 })
    for (const minutes of [0, 5, 10, 20]) {
      const before = heard.length
      await clock.advance(minutes * MINUTE)
      if (minutes < 20) await until(() => heard.length > before)
      await sandbox.messages.settled()
    }
    await merchant.stop()
    expect([heard.length, new Set(heard).size]).toEqual([3, 1])
  })

  it('encrypts messages as the worked examples have it', () => {
    expect(encryptMessage('{"test":true}', SANDBOX_APP.messageKey)).toBe('watm3Pt/wCJGbPJJXW0XpA==')
    expect(encryptMessage(WORKED, SANDBOX_APP.messageKey)).toBe(ENCRYPTED)
  })

  it('keeps its limit for a user below that of the app', async () => {
    await opened()
    const answers = await Promise.all(Array.from({ length: 60 }, () => posted('open.item.edit', { kwaiItemId: 1 })))
    const [refused] = answers.filter(({ result }) => result === 1017)
    expect(answers.filter(({ result }) => result === 1017)).toHaveLength(10)
    expect(refused?.['error_msg']).toBe('[1017] exceed quota limit,[apiId:open.item.edit;primaryUserId:12342323]')
  })

  it('takes a subsidy off while its money lasts, and has it back from an order that fails', async () => {
    await opened()
    shown(7)
    sandbox.subsidise({ relSkuId: '7', fen: 290, budgetFen: 600 })
    const buy = async () => (await sandbox.buyers.order({ skuId: '8', num: 1 })) ?? expect.unreachable()
    const [first, second, third] = [await buy(), await buy(), await buy()]
    expect([first, second, third].map(({ totalFen }) => totalFen)).toEqual([1700, 1700, 1990])
    sandbox.buyers.cancel(first.oid)
    expect((await buy()).totalFen).toBe(1700)
  })
  it('gives parts of the money back while the order goes its way, one refund at a time, and no more than was paid', async () => {
    await opened()
    shown(7)
    const order = (await sandbox.buyers.buy({ skuId: '8', num: 1 })) ?? expect.unreachable()
    const approved = async (fen: number) => {
      const seen = { refundId: sandbox.buyers.refund(order.oid, { fen }), refundAmount: fen }
      await posted('open.seller.order.refund.approve', { ...seen, status: 10, negotiateStatus: 0 })
    }
    await approved(501)
    expect([order.status, order.refundedFen]).toEqual([30, 501])
    expect(() => sandbox.buyers.refund(order.oid, { fen: 1490 })).toThrow('退款金额不一致')
    await approved(9)
    expect([order.status, order.refundedFen]).toEqual([30, 510])
    sandbox.buyers.refund(order.oid)
    expect(() => sandbox.buyers.refund(order.oid, { fen: 1 })).toThrow('当前状态不允许操作')
    expect(sandbox.memory.refunds.at(-1)?.fen).toBe(1480)
  })

  it('ends the way of an order that has arrived with the part that its buyer wanted back', async () => {
    await opened()
    shown(7)
    const { oid } = (await sandbox.buyers.buy({ skuId: '8', num: 1 })) ?? expect.unreachable()
    await posted('open.seller.order.goods.deliver', { orderId: oid, expressNo: 'SF1', expressCode: 4 })
    sandbox.faults.set(['late-refund', 'part-refund'], true)
    sandbox.buyers.receive(oid)
    const { refundId, fen } = sandbox.memory.refunds[0] ?? expect.unreachable()
    await posted('open.seller.order.refund.approve', { refundId, refundAmount: fen, status: 10, negotiateStatus: 0 })
    expect(sandbox.memory.orders[0]).toMatchObject({ status: 70, refundedFen: fen })
    expect([fen % 2, fen < 1990]).toEqual([1, true])
  })
})
