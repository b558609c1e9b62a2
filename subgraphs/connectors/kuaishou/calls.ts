import { fields, flag, list, maybe, text, whole } from '../../../platform/decode.js'
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

/** A SKU in a warehouse, by our codes of both. */
export interface Kept {
  readonly warehouse: string
  readonly relSku: string
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

/** A piece of an order's address as the partner gives it out. */
export interface SealedPiece {
  readonly oid: string
  readonly sealed: string
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
    /** How many people watch our live room now. */
    async viewers(): Promise<number> {
      const it = fields(await client.get('open.live.shop.seller.real.uv', {}), 'viewers')
      return whole(it['realWatchUv'], 'viewers.realWatchUv', { least: 0 })
    },
    async isInCart(kwaiItem: string): Promise<boolean> {
      const it = fields(await client.get('open.live.shop.item.check.oncar', { itemId: BigInt(kwaiItem) }), 'cart')
      return flag(it['liveCarItem'], 'cart.liveCarItem')
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
    /** Sets the warehouse's quantity of a SKU; what it really is now may be another one (occupied, or changed meanwhile). */
    async setInventory({ warehouse, relSku }: Kept, quantity: number): Promise<number> {
      const asked = { wareOutCode: relSku, warehouseOutCode: warehouse, quantity }
      const it = fields(await client.post('open.scm.inventory.update', asked), 'inventory')
      return whole(it['quantity'], 'inventory.quantity', { least: 0 })
    },
    /** Adds (or, below zero, takes) pieces in a warehouse, once for each key, and perhaps fewer than asked for; gives how many. */
    async moveInventory({ warehouse, relSku }: Kept, by: number, key: string): Promise<number> {
      const asked = { wareOutCode: relSku, warehouseOutCode: warehouse, adjustQuantity: Math.abs(by) }
      const adjusted = { ...asked, operationType: by > 0 ? 1 : 2, idempotentId: key }
      const it = fields(await client.post('open.scm.inventory.adjust', adjusted), 'inventory')
      return whole(it['adjust_quantity'], 'inventory.adjust_quantity', { least: 0 })
    },
    setShelf: (kwaiItem: string, on: boolean) =>
      client.post('open.item.shelf.status.update', { kwaiItemId: BigInt(kwaiItem), shelfStatus: on ? 1 : 2 }),

    async orders({ from, to, after }: Span): Promise<RemotePage> {
      const page = await client.get('open.order.cursor.list', {
        ...{ orderViewStatus: 1, pageSize: 50, sort: 1, queryType: 2, cpsType: 0 },
        ...{ beginTime: from.getTime(), endTime: to.getTime(), cursor: after ?? '' },
      })
      return remotePage(page, { rows: 'orderList', cursor: 'cursor' })
    },
    /** The orders made in a span, for the comparison of the books. */
    async bookedOrders({ from, to, after }: Span): Promise<RemotePage> {
      const page = await client.get('open.order.cursor.list', {
        ...{ orderViewStatus: 1, pageSize: 50, sort: 1, queryType: 1, cpsType: 0 },
        ...{ beginTime: from.getTime(), endTime: to.getTime(), cursor: after ?? '' },
      })
      return remotePage(page, { rows: 'orderList', cursor: 'cursor' })
    },
    /** What is earned by the orders made in a span. */
    async commissions({ from, to, after }: Span): Promise<RemotePage> {
      const page = await client.get('open.distribution.cps.kwaimoney.order.list', {
        ...{ cpsOrderStatus: 0, pageSize: 100, sortType: 1, queryType: 1 },
        ...{ beginTime: from.getTime(), endTime: to.getTime(), pcursor: after ?? '' },
      })
      return remotePage(page, { rows: 'orderList', cursor: 'pcursor' })
    },
    order: (oid: string) => client.get('open.order.detail', { oid: BigInt(oid) }),
    /** The clear texts of sealed pieces, in their order; one that the partner does not open is null. */
    async decrypted(pieces: readonly SealedPiece[]): Promise<readonly (string | null)[]> {
      const batchDecryptList = pieces.map(({ oid, sealed }) => ({ bizId: BigInt(oid), encryptedData: sealed }))
      const found = list(
        await client.post('open.order.decrypt.batch', { batchDecryptList }),
        'decrypted',
        (row, at) => {
          const it = fields(row, at)
          const clear = maybe(it['decryptedData'], `${at}.decryptedData`, (value, place) => text(value, place))
          return [
            `${id(it['bizId'], `${at}.bizId`)} ${text(it['encryptedData'], `${at}.encryptedData`)}`,
            clear,
          ] as const
        },
      )
      const opened = new Map(found)
      return pieces.map(({ oid, sealed }) => opened.get(`${oid} ${sealed}`) ?? null)
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
    /** With the first of the reasons that the partner allows for this refund. */
    async reject(refundId: string): Promise<unknown> {
      const asked = { refundId: BigInt(refundId) }
      const codes = list(await client.get('open.refund.reject.reason', asked), 'reasons', (reason, place) =>
        whole(fields(reason, place)['reasonCode'], `${place}.reasonCode`),
      )
      return await client.post('open.refund.reject', { ...asked, reasonCode: codes[0] ?? null })
    },
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
