import type { Outcome } from '../../connector.js'
import type { ItemWords } from '../calls.js'
import type { RemoteItem, RemoteSku } from '../decode-answers.js'
import {
  keepItem,
  keepListingRefused,
  keepTold,
  readOffer,
  type OfferedItem,
  type OfferedSku,
} from '../store/listings.js'
import { withoutLinks } from '../translate.js'
import { isRefused, type Work } from './work.js'

/** After stock was moved the item is read again: what was sold there meanwhile makes another difference. */
const READ_BACK_MS = 2_000

/**
 * our product -> what the partner shows -> the differences, sent. Every turn reads first, so that a call whose answer was
 * lost is not made twice, and a turn that finds no difference sends nothing.
 */
export async function runItem(work: Work, product: string): Promise<Outcome> {
  const listed = await readOffer(work.ground.db, product)
  if (listed === null) return null
  const offer = await priced(work, listed)
  try {
    const shown = await shownItem(work, offer)
    return shown === null ? null : await even(work, offer, shown)
  } catch (error) {
    if (isRefused(error)) await keepListingRefused(work.ground.db, product, error.message)
    throw error
  }
}

/** A SKU with its price inside the partner's app: what the partner shows is that, and what it takes off for its buyer itself. */
interface PricedSku extends OfferedSku {
  readonly shownMinor: number | null
  readonly borneMinor: number
}

interface PricedItem extends OfferedItem {
  readonly skus: readonly PricedSku[]
}

/** Our shop is asked for each by itself: a subsidy's budget may last for one and not for all. */
async function priced({ shop }: Work, offer: OfferedItem): Promise<PricedItem> {
  const skus = await Promise.all(
    offer.skus.map(async (sku) => {
      const price = sku.wanted && sku.list_minor !== null ? await shop.price(sku.variant) : null
      const shownMinor = price === null ? sku.list_minor : price.minor + price.borneMinor
      return { ...sku, shownMinor, borneMinor: price?.borneMinor ?? 0 }
    }),
  )
  return { ...offer, skus }
}

/** The item at the partner's, made when there is none; null while there is nothing to list. */
async function shownItem(work: Work, offer: PricedItem): Promise<RemoteItem | null> {
  const { calls, ground } = work
  if (offer.kwaiItem !== null) return await calls.item(offer.kwaiItem)
  if (wantedOf(offer).length === 0) return null
  const known = await calls.itemOf(offer.relItem)
  const kwaiItem = known?.kwaiItem ?? (await calls.newItem(words(work, offer, null)))
  await keepItem(ground.db, offer.product, kwaiItem)
  return known ?? (await calls.item(kwaiItem))
}

async function even(work: Work, offer: PricedItem, shown: RemoteItem): Promise<Outcome> {
  const { calls } = work
  const wanted = words(work, offer, shown)
  const edited = differs(wanted, shown)
  if (edited) await calls.editItem(shown.kwaiItem, wanted)
  const onShelf = offer.published && offer.skus.some((sku) => sku.wanted)
  if (onShelf !== shown.onShelf) await calls.setShelf(shown.kwaiItem, onShelf)
  const now = edited ? await calls.item(shown.kwaiItem) : shown
  const moved = await evenStocks(work, offer, now)
  return moved ? { againInMs: READ_BACK_MS } : null
}

/** Whether any stock was moved; a SKU that is no longer wanted has none. */
async function evenStocks(work: Work, offer: PricedItem, shown: RemoteItem): Promise<boolean> {
  let moved = false
  for (const sku of offer.skus) {
    const remote = remoteOf(shown, sku)
    if (remote === undefined) continue
    const target = sku.wanted ? (sku.available ?? 0) : 0
    await keepTold(work.ground.db, sku.rel_sku, {
      ...{ kwai_sku: remote.kwaiSku, told_price_minor: remote.priceMinor, told_stock: target },
      told_subsidy_minor: sku.borneMinor,
    })
    if (target === remote.stock) continue
    await moveStock(work, shown, { remote, target })
    moved = true
  }
  return moved
}

/**
 * By a difference, since the partner's people buy meanwhile. In a warehouse its key is made of what was seen: the same call again is
 * done once. Nothing was ever there: the quantity is set. What the partner really did is seen when the item is read again.
 */
async function moveStock(
  { calls, config, ground }: Work,
  { kwaiItem, changed }: RemoteItem,
  { remote, target }: { readonly remote: RemoteSku; readonly target: number },
): Promise<void> {
  const by = target - remote.stock
  const { relSku, kwaiSku, stock } = remote
  if (config.warehouse === null) {
    await calls.moveStock(kwaiItem, kwaiSku, by)
    return
  }
  const kept = { warehouse: config.warehouse, relSku }
  const done =
    stock === 0
      ? await calls.setInventory(kept, target)
      : await calls.moveInventory(kept, by, `${relSku}:${changed}:${stock}:${target}`)
  if (done !== (stock === 0 ? target : Math.abs(by))) ground.observer.count('kuaishou.other-quantity')
}

/** The item as it should stand: what is listed or was, with our price; a stock only for SKUs that are new. */
function words({ config }: Work, offer: PricedItem, shown: RemoteItem | null): ItemWords {
  const { categoryId, expressTemplateId, serviceRule } = config
  const title = withoutLinks(offer.title)
  const kept = offer.skus.filter((sku) => sku.shownMinor !== null && (sku.wanted || remoteOf(shown, sku) !== undefined))
  return {
    ...{ relItem: offer.relItem, title: title === '' ? '商品' : title, categoryId, expressTemplateId, serviceRule },
    skus: kept.map((sku) => ({
      ...{ relSku: sku.rel_sku, name: withoutLinks(sku.title), priceMinor: sku.shownMinor ?? 0 },
      stock: sku.available ?? 0,
    })),
  }
}

function differs(wanted: ItemWords, shown: RemoteItem): boolean {
  if (wanted.title !== shown.title) return true
  const byRelSku = new Map(shown.skus.map((sku) => [sku.relSku, sku]))
  return wanted.skus.some((sku) => byRelSku.get(sku.relSku.toString())?.priceMinor !== sku.priceMinor)
}

function wantedOf(offer: PricedItem): readonly PricedSku[] {
  return offer.skus.filter((sku) => sku.wanted && sku.list_minor !== null)
}

function remoteOf(shown: RemoteItem | null, sku: OfferedSku): RemoteSku | undefined {
  return shown?.skus.find((one) => one.relSku === sku.rel_sku.toString())
}
