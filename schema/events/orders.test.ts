import { describe, expect, it } from 'vitest'
import { ordersEvent, type OrderMoved } from './orders.js'

const moved: OrderMoved = {
  ...{ id: 'Order:1:1', kind: 'orders.moved', at: '2026-11-11T12:00:00.000Z', order: 'Order:1', version: 1 },
  ...{ state: 'RESERVED', member: 'Member:ann', partner: null, partnerOrder: null, totalMinor: 100, currency: 'CNY' },
  ...{ carrier: null, waybill: null },
  lines: [
    {
      ...{ line: 'OrderLine:1-1', variant: 'Variant:v', product: 'Product:p', quantity: 2, totalMinor: 100 },
      ...{ left: 1, leftMinor: 50 },
      ...{ room: 'Room:r', host: 'Member:h', outlet: 'app', campaignLink: null, click: null },
    },
  ],
}

describe('an event of orders', () => {
  it('is read as it was told, also after it was JSON', () => {
    expect(ordersEvent(JSON.parse(JSON.stringify(moved)))).toEqual(moved)
    const stock = { id: 's', at: moved.at, kind: 'orders.stockChanged', variant: 'Variant:v', version: 2, available: 0 }
    expect(ordersEvent(stock)).toEqual(stock)
  })

  it('of which nothing was told that is left has all of its lines left', () => {
    const lines = moved.lines.map((line) => ({ ...line, left: undefined, leftMinor: undefined }))
    expect(ordersEvent({ ...moved, lines })).toMatchObject({ lines: [{ quantity: 2, left: 2, leftMinor: 100 }] })
  })

  it('is left out when its kind is not known', () => {
    expect(ordersEvent({ id: 'x', at: moved.at, kind: 'orders.somethingNew' })).toBeNull()
  })

  it('is refused when it is malformed', () => {
    expect(() => ordersEvent({ ...moved, state: 'LOST' })).toThrow('moved.state')
    expect(() => ordersEvent({ ...moved, lines: [{ ...moved.lines[0], variant: 'Product:p' }] })).toThrow(
      'moved.lines[0].variant',
    )
    expect(() => ordersEvent(null)).toThrow('ordersEvent')
  })
})
