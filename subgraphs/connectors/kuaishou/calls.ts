import { fields, list, maybe, text } from '../../../platform/decode.js'
import type { Client } from './client.js'
import { id, remoteItem, remotePage, type RemoteItem, type RemotePage } from './decode-answers.js'

/** A SKU as we want it shown. */
export interface SkuWords {
  readonly relSku: number
  readonly name: string
  readonly priceMinor: number
  /** Of a new SKU only; later the stock moves by differences. */
  readonly stock: number
}

/** An item as we want it shown: texts and numbers, no address of a page anywhere. */
export interface ItemWords {
  readonly relItem: number
  readonly title: string
  readonly categoryId: number
  readonly expressTemplateId: number
  readonly serviceRule: string
  readonly skus: readonly SkuWords[]
}

/** A span of time and the partner's cursor in it. */
export interface Span {
  readonly from: Date
  readonly to: Date
  readonly after: string | null
}

/** A refund as we saw it: it is approved only if it still is so. */
export interface SeenRefund {
  readonly refundId: string
  readonly amountMinor: number
  readonly status: number
  readonly negotiation: number
  readonly withReturn: boolean
}

/** The calls that selling needs, one function each. */
export type Calls = ReturnType<typeof callsOf>

/** The calls over a client: our words into its parameters, its answers into our words. */
export function callsOf(client: Client) {
  return {
    async newItem(words: ItemWords): Promise<string> {
      const it = fields(await client.post('open.item.new', itemParam(words)), 'newItem')
      return id(it['kwaiItemId'], 'newItem.kwaiItemId')
    },
    editItem: (kwaiItem: string, words: ItemWords) =>
      client.post('open.item.edit', { kwaiItemId: BigInt(kwaiItem), ...itemParam(words) }),
    async item(kwaiItem: string): Promise<RemoteItem> {
      return remoteItem(await client.get('open.item.get', { kwaiItemId: BigInt(kwaiItem) }))
    },
    /** The oldest item that bears our number: a call whose answer was lost may have made it. */
    async itemOf(relItem: number): Promise<RemoteItem | null> {
      const found = await client.get('open.item.list.get', { pageNumber: 1, pageSize: 100, relItemId: relItem })
      const items = list(fields(found, 'items')['items'], 'items', remoteItem)
      return items.toSorted((a, b) => (BigInt(a.kwaiItem) < BigInt(b.kwaiItem) ? -1 : 1))[0] ?? null
    },
    /** Adds (or, below zero, takes) pieces: a difference, done again by every repetition. */
    moveStock: (kwaiItem: string, kwaiSku: string, by: number) =>
      client.post('open.item.sku.stock.update', {
        ...{ kwaiItemId: BigInt(kwaiItem), skuId: BigInt(kwaiSku) },
        ...{ skuChangeStock: Math.abs(by), changeType: by > 0 ? 1 : 2 },
      }),
    setShelf: (kwaiItem: string, on: boolean) =>
      client.post('open.item.shelf.status.update', { kwaiItemId: BigInt(kwaiItem), shelfStatus: on ? 1 : 2 }),

    async orders({ from, to, after }: Span): Promise<RemotePage> {
      const page = await client.get('open.order.cursor.list', {
        ...{ orderViewStatus: 1, pageSize: 50, sort: 1, queryType: 2, cpsType: 0 },
        ...{ beginTime: from.getTime(), endTime: to.getTime(), cursor: after ?? '' },
      })
      return remotePage(page, { rows: 'orderList', cursor: 'cursor' })
    },
    order: (oid: string) => client.get('open.order.detail', { oid: BigInt(oid) }),
    /** The clear texts of sealed pieces, in their order. */
    async decrypted(oid: string, sealed: readonly string[]): Promise<readonly string[]> {
      const batchDecryptList = sealed.map((encryptedData) => ({ bizId: BigInt(oid), encryptedData }))
      const found = list(
        await client.post('open.order.decrypt.batch', { batchDecryptList }),
        'decrypted',
        (row, at) => {
          const it = fields(row, at)
          const clear = maybe(it['decryptedData'], `${at}.decryptedData`, (value, place) => text(value, place))
          return [text(it['encryptedData'], `${at}.encryptedData`), clear] as const
        },
      )
      const bySealed = new Map(found)
      return sealed.map((piece) => text(bySealed.get(piece), 'decrypted'))
    },
    deliver: (oid: string, expressNo: string, expressCode: number) =>
      client.post('open.seller.order.goods.deliver', { orderId: BigInt(oid), expressNo, expressCode }),
    close: (oid: string) => client.post('open.seller.order.close', { oid: BigInt(oid) }),

    async refunds({ from, to, after }: Span): Promise<RemotePage> {
      const page = await client.get('open.seller.order.refund.pcursor.list', {
        ...{ type: 9, pageSize: 100, beginTime: from.getTime(), endTime: to.getTime(), pcursor: after ?? '' },
      })
      return remotePage(page, { rows: 'refundOrderInfoList', cursor: 'pcursor' })
    },
    refund: (refundId: string) => client.get('open.seller.order.refund.detail', { refundId: BigInt(refundId) }),
    approve: (seen: SeenRefund) =>
      client.post('open.seller.order.refund.approve', {
        ...{ refundId: BigInt(seen.refundId), refundAmount: seen.amountMinor, status: seen.status },
        ...{ negotiateStatus: seen.negotiation, refundHandingWay: seen.withReturn ? 1 : 10 },
      }),
    approveReturn: ({ refundId, amountMinor }: SeenRefund) =>
      client.post('open.seller.order.refund.returngoods.approve', {
        ...{ refundId: BigInt(refundId), refundAmount: amountMinor },
      }),
    confirmReturn: (refundId: string) =>
      client.post('open.seller.order.refund.confirm.receipt', { refundId: BigInt(refundId) }),
    reject: (refundId: string) => client.post('open.refund.reject', { refundId: BigInt(refundId) }),
  }
}

function itemParam({ relItem, title, categoryId, expressTemplateId, serviceRule, skus }: ItemWords) {
  return {
    ...{ title, relItemId: relItem, categoryId, expressTemplateId, serviceRule, imageUrls: [], detailImageUrls: [] },
    skuList: skus.map((sku) => ({
      ...{ relSkuId: sku.relSku, skuNick: sku.name, skuSalePrice: sku.priceMinor, skuStock: sku.stock, skuProps: [] },
    })),
  }
}
