import { call } from '../../platform/http/call.js'
import { fields, json } from '../../platform/decode.js'
import { writeExact } from '../../platform/exact-json.js'
import { signatureOf } from './signing.js'
import { nowOf, type Address, type Sku, type World } from './world.js'

/** How long the platform waits for the answer; ours to choose. */
export const DEDUCT_MS = 1_000

/** What the merchant is asked at the moment of buying. */
export interface Deduction {
  readonly oid: string
  readonly sku: Sku
  readonly num: number
  readonly address: Address
}

/** SPI `deduct`, platform -> merchant, signed by the recipe of the calls (how the platform signs it is not public). True: the goods are put aside. */
export async function askDeduct(world: World, url: string, deduction: Deduction): Promise<boolean> {
  try {
    const answer = await call({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: signed(world, deduction),
      timeoutMs: DEDUCT_MS,
      mostBytes: 10_000,
    })
    const it = fields(json(answer.body.toString('utf8'), 'answer'), 'answer')
    return it['result'] === 1 && fields(it['data'], 'data')['success'] === true
  } catch {
    return false // no answer in time is a no
  }
}

function signed(world: World, { oid, sku, num, address }: Deduction): string {
  const { app } = world
  const param = writeExact({
    ...{ stockPartner: 'daihuo', province: address.province, city: address.city, area: address.district },
    ...{ town: address.town, address: '****', orderId: BigInt(oid), number: num },
    ...{ skuId: BigInt(sku.relSkuId), ksSkuId: BigInt(sku.skuId), timestamp: nowOf(world) },
    orderSkuStockList: [{ orderId: BigInt(oid), skuStock: [{ skuId: BigInt(sku.relSkuId), num }] }],
  })
  const params = new Map([
    ['appkey', app.appKey],
    ['method', 'integration.stock.deduct'],
    ['param', param],
    ['signMethod', 'HMAC_SHA256'],
    ['timestamp', nowOf(world).toString()],
    ['version', '1'],
  ])
  params.set('sign', signatureOf(params, app.signSecret) ?? '')
  return new URLSearchParams([...params]).toString()
}
