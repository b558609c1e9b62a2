import { openFlashSale } from '../../subgraphs/orders/flow/flash-sales.js'
import { openPreSale } from '../../subgraphs/orders/flow/pre-sales.js'
import { later, type Shop } from '../../subgraphs/orders/flow/shop.js'
import { feed, someone, VARIANT } from '../support/a-shop.js'

/** How much of which stock is sold at once, and in how many buckets. */
export interface SaleSize {
  readonly pieces: number
  readonly quota: number
  readonly buckets: number
}

/** Of either sale a member may have two. */
const PER_MEMBER = 2
const DAY_MS = 86_400_000
const operator = someone('shop', 'operator')
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })

/** Puts some of the pieces into a flash sale; gives its id, also of one that is open because nobody lived to say so. */
export async function openSale(shop: Shop, { pieces, quota, buckets }: SaleSize): Promise<string> {
  await feed(shop, { quantity: pieces })
  const { rows } = await shop.db.query<{ readonly id: string }>('select id from orders.flash_sale')
  return (
    rows[0]?.id ??
    openFlashSale(shop, operator, {
      ...{ room: null, variant: VARIANT, price: cny(900), quota, perMember: PER_MEMBER, buckets },
      ...{ startsAt: null, endsAt: null },
    })
  )
}

/** Opens a pre-sale of others, whose balances may be paid from when no more deposits are. */
export function openDeposits(shop: Shop, quota: number, depositUntil: Date): Promise<string> {
  return openPreSale(shop, operator, {
    ...{ idempotencyKey: 'o', variant: VARIANT, deposit: cny(100), countsForMinor: 200, shares: null },
    ...{ depositFrom: null, depositUntil, balanceFrom: null, balanceUntil: later(depositUntil, DAY_MS) },
    ...{ quota, perMember: PER_MEMBER, missed: 'FORFEIT', givenUp: 'FORFEIT' },
  })
}
