import { consume } from '../../../../platform/bus/consume.js'
import type { Database } from '../../../../platform/db/database.js'
import { CATALOG, catalogEvent } from '../../../../schema/events/catalog.js'
import { ordersEvent } from '../../../../schema/events/orders.js'
import type { Ground } from '../../../host/subgraph.js'
import { keepGoodsNews, type GoodsNews } from '../store/offered-goods.js'
import { SCHEMA } from '../store/migrations.js'

/** Our events -> what changed for whoever sells our goods, numbered. It has a place of its own in both topics: the catalogue begins with their beginning. */
export function hearGoods(ground: Ground): () => Promise<void> {
  const { clock } = ground
  const hearing = { ...ground, schema: SCHEMA, consumer: 'goods' }
  const apply = (tx: Database, events: readonly unknown[], newsOf: (event: unknown) => readonly GoodsNews[]) =>
    keepGoodsNews(tx, events.flatMap(newsOf), clock.now())
  const closes = [
    consume({ ...hearing, topic: CATALOG, apply: (tx, events) => apply(tx, events, ofCatalog) }),
    consume({ ...hearing, topic: 'orders', apply: (tx, events) => apply(tx, events, ofOrders) }),
  ]
  return async () => {
    await Promise.all(closes.map((close) => close()))
  }
}

function ofCatalog(value: unknown): readonly GoodsNews[] {
  const event = catalogEvent(value)
  if (event?.kind === 'catalog.productChanged') {
    const { product, published: onShelf, version } = event
    return [{ variant: null, product, onShelf, version }]
  }
  // What somebody else sells through the shop is not ours to sell at a partner's.
  if (event?.kind !== 'catalog.variantFed' || !event.selfOperated) return []
  const { variant, product, version } = event
  return [{ variant, product, onShelf: null, version }]
}

function ofOrders(value: unknown): readonly GoodsNews[] {
  const event = ordersEvent(value)
  switch (event?.kind) {
    case 'orders.priceChanged':
    case 'orders.offersChanged':
    case 'orders.stockChanged':
      return [{ variant: event.variant, product: null, onShelf: null, version: event.version }]
    case 'orders.moved':
    case 'orders.afterSaleMoved':
    case 'orders.parcelMoved':
    case 'orders.flashSaleChanged':
    case 'orders.eCardMoved':
    case 'orders.balanceDue':
    case 'orders.launchReminded':
    case undefined:
      return []
  }
}
