import { expect, it } from 'vitest'
import { secretsFrom } from '../../platform/secret.js'
import type { Identity } from '../../schema/identity.js'
import { aPartner, aShop, deliver, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { ORDERS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { runSubgraph } from '../host/run.js'
import { orders } from './subgraph.js'

const [ann, operator] = [someone('ann', 'member'), someone('op', 'operator')]
const SHELVES = `variant { stock { available shelves { warehouse available } } } errors { code field }`

eachMigrated(ORDERS, (open) => {
  it('the graph says what lies in which warehouse, where an order leaves, and what goes nowhere', async () => {
    const db = await open()
    const shop = await aShop(db, 5)
    const secrets = secretsFrom(Buffer.alloc(32, 7))
    const hosted = await runSubgraph(orders({ secrets, env: {} }), aGround({ db }))
    const asked = async (query: string, input: object, who: Identity): Promise<unknown> => {
      const { data, errors } = await hosted.ask({ query, variables: { input } }, who)
      return errors === undefined ? Object.values(data as object)[0] : errors.map(({ extensions }) => extensions.code)
    }
    const deed = (name: string, fields: string, input: object, who = operator) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      return asked(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, input, who)
    }
    const warehouse = { name: 'east', region: '3101', serves: ['31'] }
    const saved = await deed('saveWarehouse', 'warehouse { id serves } errors { code }', warehouse)
    const { id } = (saved as { warehouse: { id: string } }).warehouse
    const count = { variantId: VARIANT, warehouseId: id, available: 7, reason: 'came in' }
    expect(await deed('setStock', SHELVES, count)).toEqual({
      variant: {
        stock: {
          available: 12,
          shelves: expect.arrayContaining([{ warehouse: id, available: 7 }, { warehouse: 'Warehouse:main', available: 5 }]) as unknown, // prettier-ignore
        },
      },
      errors: [],
    })
    expect(await deed('setStock', SHELVES, { ...count, warehouseId: 'Warehouse:none' })).toMatchObject({
      errors: [{ code: 'NOT_FOUND', field: 'warehouseId' }],
    })
    expect(await asked('query { warehouses { name } }', {}, ann)).toEqual(['FORBIDDEN'])
    const lines = [{ variantId: VARIANT, quantity: 6 }]
    const order = { idempotencyKey: 'k', regionCode: '310101003', lines }
    expect(await deed('placeOrder', 'order { lines { warehouse } }', order, ann)).toEqual({
      order: { lines: [{ warehouse: id }] },
    })
    await deliver(shop, { except: ['31'] })
    expect(await deed('placeOrder', 'errors { code }', { ...order, idempotencyKey: 'l' }, ann)).toEqual({
      errors: [{ code: 'NOT_DELIVERED' }],
    })
    const quote = 'query ($input: PartnerQuoteInput!) { partnerQuote(input: $input) { delivery { warehouse } } }'
    const kuaishou = aPartner('kuaishou')
    expect(await asked(quote, { lines, regionCode: '310101' }, kuaishou)).toEqual({ delivery: null })
    expect(await asked(quote, { lines, regionCode: '330106' }, kuaishou)).toMatchObject({ delivery: {} })
    await hosted.stop()
    await db.close()
  })
})
