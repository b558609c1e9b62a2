import { describe, expect, it } from 'vitest'
import { deduction, factsOfMessage, orderContent, refundContent, withoutLinks } from './translate.js'

const APP = 'ks000000000000000001'
const message = (event: string, info: string) =>
  Buffer.from(JSON.stringify({ eventId: '1', appKey: APP, event, info, createTime: 1, test: false }))

describe('a message of Kuaishou', () => {
  it('tells of an order by its number, which may pass 2^53, and its time of change', () => {
    const paid = message(
      'kwaishop_order_paySuccess',
      '{"oid":20156002562098531234,"status":30,"updateTime":1592280000000}',
    )
    expect(factsOfMessage(paid, APP)).toEqual([
      {
        ...{ key: 'order:20156002562098531234', version: 1592280000000 },
        body: { what: 'order', oid: '20156002562098531234', vague: false },
      },
    ])
  })

  it('tells of a new order by its time of creation, older than any change of it', () => {
    const added = message('kwaishop_order_addOrder', '{"oid":7,"createTime":1592279990000}')
    expect(factsOfMessage(added, APP)).toMatchObject([{ key: 'order:7', version: 1592279990000 }])
  })

  it.each(['_addRefund', '_updateRefund'])('tells of a refund: %s, also without a time of change', (event) => {
    const told = (info: string) => factsOfMessage(message(`kwaishop_aftersales${event}`, info), APP)
    const body = { what: 'refund', refundId: '9', oid: '7' }
    expect(told('{"refundId":9,"oid":7,"status":10,"updateTime":5}')).toEqual([
      { key: 'refund:9', version: 5, body: { ...body, vague: false } },
    ])
    expect(told('{"refundId":9,"oid":7}')).toEqual([
      { key: 'refund:9:said', version: 1, body: { ...body, vague: true } },
    ])
  })

  it('tells of nothing when it is a heartbeat or of another kind', () => {
    expect(factsOfMessage(Buffer.from('{"test":true}'), APP)).toEqual([])
    expect(factsOfMessage(message('kwaishop_comment_add', '{}'), APP)).toEqual([])
  })

  it('tells of an item by the time of its message', () => {
    expect(factsOfMessage(message('kwaishop_item_statusChange', '{"itemId":6}'), APP)).toMatchObject([
      { key: 'item:6', version: 1, body: { what: 'item', kwaiItem: '6' } },
    ])
  })

  it.each([
    ...['_addOrder', '_paySuccess', '_delivering', '_deliverySuccess', '_orderSuccess', '_orderFail'],
    ...['_totalFeeChange', '_addNote', '_addressUpdateAudit'],
  ])('of every listed kind tells of its order: %s, also without a time of change', (event) => {
    expect(factsOfMessage(message(`kwaishop_order${event}`, '{"oid":7,"updateTime":5}'), APP)).toMatchObject([
      { key: 'order:7', version: 5, body: { vague: false } },
    ])
    expect(factsOfMessage(message(`kwaishop_order${event}`, '{"oid":7}'), APP)).toMatchObject([
      { key: 'order:7:said', version: 1, body: { vague: true } },
    ])
  })

  it.each([
    ['another app’s', message('kwaishop_order_paySuccess', '{}').toString().replace(APP, 'ks2')],
    ['without an order', message('kwaishop_order_paySuccess', '{"updateTime":1}').toString()],
    ['no JSON', 'nonsense'],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => factsOfMessage(Buffer.from(text), APP)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})

describe('an order of Kuaishou', () => {
  const order = {
    orderBaseInfo: {
      ...{ oid: '20156002562098531', status: 30, totalFee: 3980, updateTime: 9, payTime: 8, riskCode: 0 },
      disableDeliveryReasonCode: [2],
    },
    orderItemInfo: { relSkuId: 7, num: 2, price: 1990 },
    orderAddress: null,
  }

  it('becomes an order in our words', () => {
    expect(orderContent(order)).toEqual({
      ...{ oid: '20156002562098531', version: 9, state: 'PAID', relSku: '7', quantity: 2, unitPriceMinor: 1990 },
      ...{ totalMinor: 3980, paidAt: new Date(8), risky: false, held: true, sealed: null, places: [] },
    })
  })

  it.each([
    ['held while its group buying is open', [1], true],
    ['held while its payment is reviewed', [2], true],
    ['held for both', [1, 2], true],
    ['not held', [], false],
    ['not held where nothing is said', null, false],
  ])('is %s', (_what, disableDeliveryReasonCode, held) => {
    const base = { ...order.orderBaseInfo, disableDeliveryReasonCode }
    expect(orderContent({ ...order, orderBaseInfo: base })).toMatchObject({ held })
  })

  it('is refused when its status is one that we do not know', () => {
    const strange = { ...order, orderBaseInfo: { ...order.orderBaseInfo, status: 33 } }
    expect(() => orderContent(strange)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})

describe('a refund of Kuaishou', () => {
  it('becomes a refund in our words', () => {
    const value = { refundId: 9, oid: 7, refundFee: 100, status: 12, negotiateStatus: 3, handlingWay: 1, updateTime: 4 }
    expect(refundContent(value)).toEqual({
      ...{ refundId: '9', oid: '7', version: 4, state: 'ASKED', status: 12, negotiation: 3, withReturn: true },
      amountMinor: 100,
    })
  })
})

describe('what else is read or written', () => {
  it('a question at the moment of buying names order, SKU, number and places', () => {
    const places = '"province":"浙江省","city":"杭州市","area":"西湖区"'
    const asked = deduction(`{"orderId":20156002562098531,"skuId":7,"ksSkuId":8,"number":2,${places}}`)
    expect(asked).toEqual({
      ...{ oid: '20156002562098531', province: '33', relSku: '7', quantity: 2 },
      paths: ['浙江省 杭州市 西湖区', '浙江省 杭州市'],
    })
  })

  it('a title loses every address of a page and is not too long', () => {
    expect(withoutLinks('A shirt see https://shop.example/x?y=1 now, www.example.com too')).toBe('A shirt see now, too')
    expect(Array.from(withoutLinks('好'.repeat(100)))).toHaveLength(60)
  })
})
