import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, list, text } from '../../platform/decode.js'
import type { Ask } from '../../schema/ask.js'
import { act, read } from '../../scripts/client/deed.js'
import { openHouse, type House } from '../support/house.js'
import { until } from '../support/until.js'

const HOME = { regionCode: '110105', line: '1 Sunny Street', receiver: 'Ann', phone: '5550199' }

let house: House
let ann: Ask
let operator: Ask
beforeAll(async () => {
  house = await openHouse({})
  ann = await house.as({ sub: 'Member:ann', roles: ['member'] })
  operator = await house.as({ sub: 'Member:operator', roles: ['member', 'operator', 'merchant'] })
})
afterAll(() => house.stop())

async function aVariant(): Promise<string> {
  const products = [
    { handle: 'shirt', title: 'A shirt', variants: [{ optionValues: [], priceMinor: 900, quantity: 5 }] },
  ]
  const document = `mutation ($input: ImportProductsInput!) { importProducts(input: $input) {
    results { product { variants { id } } } errors { code message } } }`
  const { results } = await act(operator, document, { input: { seller: 'daihuo', currency: 'CNY', products } })
  const [result] = list(results, 'results', fields)
  const [variant] = list(fields(result?.['product'], 'product')['variants'], 'variants', fields)
  return text(variant?.['id'], 'id')
}

async function idGiven(document: string, input: object, of: 'order' | 'address'): Promise<string> {
  return text(fields((await act(ann, document, { input }))[of], of)['id'], 'id')
}

const SHOWN = 'query ($id: ID!) { order(id: $id) { shipTo { regionCode line receiver phone } } }'
const KEEP =
  'mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id } errors { code message } } }'
const PLACE =
  'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { code message } } }'
const PAY = 'mutation ($input: PayOrderInput!) { payOrder(input: $input) { order { id } errors { code message } } }'
const REMOVE = 'mutation ($input: RemoveAddressInput!) { removeAddress(input: $input) { errors { code message } } }'

describe("a member's address", () => {
  it('reaches whoever ships his order over the bus, and is kept when he removes it at once', async () => {
    const lines = [{ variantId: await aVariant(), quantity: 1 }]
    const addressId = await idGiven(KEEP, HOME, 'address')
    let orderId = ''
    await until(
      () =>
        idGiven(PLACE, { idempotencyKey: 'k', lines, addressId }, 'order').then(
          (id) => (orderId = id) !== '',
          () => false,
        ),
      'the price of what was imported',
    )
    await act(ann, REMOVE, { input: { addressId } })
    await idGiven(PAY, { idempotencyKey: 'p', orderId, method: 'card' }, 'order')
    const shown = async (who: Ask) => (await read(who, SHOWN, { id: orderId }))['shipTo']
    await until(async () => (await shown(operator)) !== null, 'the address of the order')
    expect([await shown(operator), await shown(ann)]).toEqual([HOME, null])
  })
})
