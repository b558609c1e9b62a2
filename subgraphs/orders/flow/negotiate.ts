import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import { memberOf, needRole, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { dealState, type DealDeed, type DealParty } from '../domain/host-deal.js'
import { sellerOf } from '../store/goods.js'
import { insertHostDeal, lockHostDeal, moveHostDeal } from '../store/host-deals.js'
import { isInPool } from '../store/pool-picks.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { newKey, type Shop } from './shop.js'

/** Chosen by who asks: the same key and body are one deed. */
interface Keyed {
  readonly idempotencyKey: string
}

/** A host asks for a rate for a product that is sold here and approved for the pool; under the same key once. Gives the deal's id. */
export async function proposeDeal(
  shop: Shop,
  who: Identity,
  wish: Keyed & { readonly product: string; readonly rateBp: number; readonly note: string | null },
): Promise<string> {
  needRole(who, 'host')
  const host = memberOf(who)
  const { idempotencyKey, ...body } = wish
  const { product, rateBp, note } = body
  const seller = await sellerOf(shop.db, product)
  if (seller === null) throw refuse('NOT_FOUND', 'no such product is sold', { details: { place: 'productId' } })
  const deed = { owner: askerOf(who), key: `propose-deal ${idempotencyKey}`, body }
  return shop.db.transaction(async (tx) => {
    const { answer } = await once(tx, 'orders', deed, async () => {
      await needPool(tx, product)
      const id = `HostDeal:${newKey(shop)}`
      if (await insertHostDeal(tx, { id, host, product, seller, state: 'PROPOSED', rate_bp: rateBp, note })) return id
      throw refuse('CONFLICT', 'there is a deal about this product already')
    })
    return answer
  })
}

/** A step of a deal, by its host or by the shop; under the same key once. A rate is named with `propose` and `counter`, and with nothing else. */
export async function moveDeal(
  shop: Shop,
  who: Identity,
  wish: Keyed & {
    readonly id: string
    readonly deed: DealDeed
    readonly rateBp: number | null
    readonly note: string | null
  },
): Promise<string> {
  needRole(who, 'host', 'merchant', 'operator')
  const { idempotencyKey, ...step } = wish
  const { id, deed, rateBp } = step
  if ((deed === 'propose' || deed === 'counter') !== (rateBp !== null))
    throw refuse('BAD_USER_INPUT', 'a rate is named with a proposal, and with nothing else', {
      details: { place: 'rateBp' },
    })
  return again(() =>
    shop.db.transaction(async (tx) => {
      const deal = await lockHostDeal(tx, id)
      const party = deal === null ? null : partyOf(who, deal.host)
      if (deal === null || party === null) throw refuse('NOT_FOUND', 'no such deal of yours')
      const asked = { owner: askerOf(who), key: `move-deal ${idempotencyKey}`, body: step }
      const { answer } = await once(tx, 'orders', asked, async () => {
        if (deed === 'agree') await needPool(tx, deal.product)
        await moveHostDeal(tx, { ...step, state: dealState(deal.state, party, deed) }, await shop.databaseClock(tx))
        return id
      })
      return answer
    }),
  )
}

/** Deals are about what quality control has approved; what was agreed before a product left the pool stays agreed. */
async function needPool(db: Database, product: string): Promise<void> {
  if (await isInPool(db, product)) return
  throw refuse('STATE_FORBIDS', 'the product is not approved for the pool', { details: { place: 'productId' } })
}

/** Whoever runs the shop speaks for its sellers. */
function partyOf(who: Identity, host: string): DealParty | null {
  if (who.member === host && who.roles.includes('host')) return 'host'
  return who.roles.includes('merchant') || who.roles.includes('operator') ? 'seller' : null
}
