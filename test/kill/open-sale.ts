import { openFlashSale } from '../../subgraphs/orders/flow/flash-sales.js'
import type { Shop } from '../../subgraphs/orders/flow/shop.js'
import { feed, someone, VARIANT } from '../support/a-shop.js'

/** Puts pieces into a flash sale of which a member may have two; gives its id. */
export async function openSale(shop: Shop, pieces: number): Promise<string> {
  await feed(shop, { quantity: pieces })
  return openFlashSale(shop, someone('shop', 'operator'), {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 900, currency: 'CNY' }, quota: pieces, perMember: 2 },
    ...{ startsAt: null, endsAt: null },
  })
}
