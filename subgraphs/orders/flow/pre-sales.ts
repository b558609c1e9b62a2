import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import type { Share } from '../domain/offers.js'
import { checkTimes, type DepositRule } from '../domain/pre-sale.js'
import { sharesOf } from '../domain/shares.js'
import { findGoods } from '../store/goods.js'
import { closePreSale, findPreSales, insertPreSale } from '../store/pre-sales.js'
import { mayBear, needSellerOf } from './open-offers.js'
import { again } from './retry.js'
import { newKey, type Shop } from './shop.js'

/** A pre-sale as it is asked for. */
export interface PreSaleRequest {
  readonly idempotencyKey: string
  readonly variant: string
  /** What is paid first for a piece. */
  readonly deposit: Money
  /** What of the price it counts for; no less than itself. */
  readonly countsForMinor: number
  /** Who bears the difference; null: the seller. */
  readonly shares: readonly Share[] | null
  /** Null: now. */
  readonly depositFrom: Date | null
  readonly depositUntil: Date
  /** Null: when no more deposits are taken. */
  readonly balanceFrom: Date | null
  readonly balanceUntil: Date
  readonly quota: number
  readonly perMember: number
  readonly missed: DepositRule
  readonly givenUp: DepositRule
}

/** Opens a pre-sale by the database's clock; a variant has one at a time. A merchant opens what the seller bears alone. Gives its id. */
export async function openPreSale(shop: Shop, who: Identity, request: PreSaleRequest): Promise<string> {
  const { idempotencyKey, ...body } = request
  return again(() =>
    shop.db.transaction(async (tx) => {
      await needSellerOf(tx, who, request.variant)
      const deed = { owner: memberOf(who), key: `open-pre-sale ${idempotencyKey}`, body }
      return (await once(tx, 'orders', deed, () => opened(tx, shop, { who, request }))).answer
    }),
  )
}

async function opened(
  tx: Database,
  shop: Shop,
  { who, request }: { readonly who: Identity; readonly request: PreSaleRequest },
): Promise<string> {
  const { variant, deposit, countsForMinor } = request
  const goods = (await findGoods(tx, [variant])).get(variant)
  if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
  const { product, currency, seller } = goods
  if (currency !== deposit.currency)
    throw refuse('CURRENCY_MIXED', `the variant is sold in ${currency}`, { details: { place: 'deposit' } })
  if (countsForMinor < deposit.amountMinor || countsForMinor > goods.list_minor)
    throw refuse('BAD_USER_INPUT', 'a deposit counts for no less than itself and no more than the price', {
      details: { place: 'countsForMinor' },
    })
  const shares = sharesOf({ kind: 'PRE_SALE', seller, partner: null, reduction: NONE, shares: request.shares })
  await mayBear(tx, who, { shares, seller })
  const at = await shop.databaseClock(tx)
  const times = {
    ...{ deposit_from: request.depositFrom ?? at, deposit_until: request.depositUntil },
    ...{ balance_from: request.balanceFrom ?? request.depositUntil, balance_until: request.balanceUntil },
  }
  checkTimes(times, at)
  const id = `PreSale:${newKey(shop)}`
  const { quota, perMember: per_member, missed, givenUp: given_up } = request
  const terms = { variant, product, currency, deposit_minor: deposit.amountMinor, counts_minor: countsForMinor, shares }
  const row = { id, ...terms, ...times, quota, per_member, missed, given_up, openedBy: who.member ?? '' }
  if (await insertPreSale(tx, row)) return id
  throw refuse('CONFLICT', 'the variant has a pre-sale that is not over', { details: { place: 'variantId' } })
}

/** Who bears it is asked for without looking at by how much. */
const NONE = { form: 'BY', minor: 0 } as const

/** Takes no more deposits; called off, all that were paid go back and all its orders end. Doing so twice is doing it once. */
export async function endPreSale(
  shop: Shop,
  who: Identity,
  { id, isCalledOff }: { readonly id: string; readonly isCalledOff: boolean },
): Promise<string> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sale = (await findPreSales(tx, [id], { lock: true })).get(id)
      if (sale === undefined) throw refuse('NOT_FOUND', 'no such pre-sale', { details: { place: 'preSaleId' } })
      await needSellerOf(tx, who, sale.variant)
      await closePreSale(tx, id, isCalledOff)
    }),
  )
  return id
}
