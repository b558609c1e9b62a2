import { expect, it } from 'vitest'
import { eachMigrated } from '../../../../test/support/databases.js'
import { KUAISHOU } from '../../../../test/support/standing.js'
import { hearOrder, keepShopState, readOrder } from './partner-orders.js'

eachMigrated(KUAISHOU, (open) => {
  it('the waybill of an order is kept though an answer of the shop said before that it was shipped', async () => {
    const db = await open()
    await hearOrder(db, '1', 1)
    const event = { state: 'SHIPPED', carrier: 'SF', waybill: 'SF1' } as const
    expect(await keepShopState(db, '1', { state: 'SHIPPED' })).toBe(true)
    expect([await keepShopState(db, '1', event), await keepShopState(db, '1', event)]).toEqual([true, false])
    expect(await readOrder(db, '1')).toMatchObject({ shopState: 'SHIPPED', carrier: 'SF', waybill: 'SF1' })
    await db.close()
  })
})
