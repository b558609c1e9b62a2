import { refusals } from './answers.js'
import { findItem } from './find.js'
import type { Param } from './read-param.js'
import { nextId, nowOf, touch, type Item, type Sku, type World } from './world.js'

const MOST_STOCK = 9_999_999

/** `open.item.new`: nothing keeps it from being called twice, and then there are two items. */
export function newItem(world: World, param: Param): unknown {
  const now = nowOf(world)
  const item: Item = {
    itemId: nextId(world),
    relItemId: param.id('relItemId'),
    title: titleOf(param),
    onShelf: true,
    skus: [...param.all('skuList', (sku) => newSku(world, sku))],
    ...{ createTime: now, updateTime: now },
  }
  if (item.skus.length === 0) throw refusals.parameter('skuList is empty')
  world.memory.items.push(item)
  return { kwaiItemId: BigInt(item.itemId), skuIdMapping: mapping(item) }
}

/** `open.item.edit`: title and price of known SKUs; a new relSkuId is a new SKU. The stock of a known SKU is not touched. */
export function editItem(world: World, param: Param): unknown {
  const item = findItem(world, param.id('kwaiItemId'))
  const edited = param.all('skuList', (sku) => {
    const known = item.skus.find((one) => one.relSkuId === sku.id('relSkuId'))
    if (known === undefined) return newSku(world, sku)
    known.priceFen = sku.whole('skuSalePrice', 1, 100_000_000)
    known.nick = sku.optionalText('skuNick')
    return known
  })
  item.title = titleOf(param)
  item.skus = [...item.skus.filter((sku) => !edited.includes(sku)), ...edited]
  touch(world, item)
  return { kwaiItemId: BigInt(item.itemId), skuIdMapping: mapping(item) }
}

/** `open.item.sku.stock.update`: adds or takes away, and nothing tells a repeated call from a second one. */
export function updateStock(world: World, param: Param): unknown {
  const item = findItem(world, param.id('kwaiItemId'))
  const sku = item.skus.find((one) => one.skuId === param.id('skuId'))
  if (sku === undefined) throw refusals.parameter('sku not exist')
  const by = param.whole('skuChangeStock', 1, MOST_STOCK) * (param.whole('changeType', 1, 2) === 1 ? 1 : -1)
  if (sku.stock + by < 0 || sku.stock + by > MOST_STOCK) throw refusals.stockShort()
  sku.stock += by
  touch(world, item)
  return true
}

/** `open.item.shelf.status.update`: 1 on, 2 off. */
export function updateShelf(world: World, param: Param): unknown {
  const item = findItem(world, param.id('kwaiItemId'))
  const onShelf = param.whole('shelfStatus', 1, 2) === 1
  if (onShelf && item.banned === true) throw refusals.banned()
  item.onShelf = onShelf
  touch(world, item)
  return true
}

/** The platform takes an item down, or lets it be shown again by its merchant; the event's name and words are our choice. */
export function banItem(world: World, itemId: string, banned: boolean): void {
  const item = findItem(world, itemId)
  item.banned = banned
  if (banned) item.onShelf = false
  touch(world, item)
  world.tell('kwaishop_item_statusChange', itemId, {
    ...{ itemId: BigInt(itemId), sellerId: world.seller.sellerId, shelfStatus: item.onShelf ? 1 : 2 },
  })
}

/** `open.item.get`. */
export function getItem(world: World, param: Param): unknown {
  return itemView(findItem(world, param.id('kwaiItemId')))
}

/** `open.item.list.get`: pages of 10 to 100, the newest first. */
export function listItems(world: World, param: Param): unknown {
  const pageSize = param.whole('pageSize', 10, 100)
  const pageNumber = param.whole('pageNumber', 1, 100_000)
  const relItemId = param.optionalId('relItemId')
  const found = world.memory.items.filter((item) => relItemId === null || item.relItemId === relItemId).reverse()
  const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
  return {
    totalItemCount: found.length,
    currentPageItemCount: page.length,
    currentPageNumber: pageNumber,
    totalPage: Math.ceil(found.length / pageSize),
    items: page.map(itemView),
  }
}

function itemView(item: Item): unknown {
  return {
    kwaiItemId: BigInt(item.itemId),
    relItemId: BigInt(item.relItemId),
    title: item.title,
    shelfStatus: item.onShelf ? 1 : 2,
    createTime: item.createTime,
    updateTime: item.updateTime,
    skuList: item.skus.map((sku) => ({
      kwaiSkuId: BigInt(sku.skuId),
      relSkuId: BigInt(sku.relSkuId),
      skuNick: sku.nick,
      skuSalePrice: sku.priceFen,
      skuStock: sku.stock,
    })),
  }
}

function newSku(world: World, param: Param): Sku {
  return {
    skuId: nextId(world),
    relSkuId: param.id('relSkuId'),
    nick: param.optionalText('skuNick'),
    priceFen: param.whole('skuSalePrice', 1, 100_000_000),
    stock: param.whole('skuStock', 0, MOST_STOCK),
  }
}

function titleOf(param: Param): string {
  const title = param.text('title')
  if (title.length < 1 || title.length > 60) throw refusals.parameter('title must have 1 to 60 characters')
  return title
}

function mapping(item: Item): unknown {
  return item.skus.map((sku) => ({ relSkuId: BigInt(sku.relSkuId), kwaiSkuId: BigInt(sku.skuId) }))
}
