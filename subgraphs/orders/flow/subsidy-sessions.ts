import type { Database } from '../../../platform/db/database.js'
import { once, onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import { needRole } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { ALL_BP, type Reduction, type Share } from '../domain/offers.js'
import { findGoods } from '../store/goods.js'
import {
  closeSubsidySession,
  findSubsidySessions,
  insertSubsidySession,
  offersOfSession,
  type SubsidySessionRow,
} from '../store/subsidy-sessions.js'
import { closeOffer, putOffer, spanOf, type OfferRequest } from './open-offers.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'

/** A session of subsidies as it is asked for. */
export interface SessionRequest {
  readonly idempotencyKey: string
  readonly label: string
  readonly partner: string | null
  readonly currency: string
  readonly budgetMinor: number
  /** Who bears it: `platform`, the partner, and `seller` for whoever sells the goods. */
  readonly shares: readonly Share[]
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** Opens a session, under the same key once; goods are put into it afterwards. For operators. Gives its id. */
export async function openSession(shop: Shop, who: Identity, request: SessionRequest): Promise<string> {
  needRole(who, 'operator')
  const { label, partner, currency, budgetMinor, shares } = request
  checkShares(shares, partner)
  const { idempotencyKey, ...body } = request
  const deed = { owner: askerOf(who), key: `open-session ${idempotencyKey}`, body }
  return shop.db.transaction(async (tx) => {
    const { answer } = await once(tx, 'orders', deed, async () => {
      const id = `SubsidySession:${newKey(shop)}`
      const span = spanOf(request, await shop.databaseClock(tx))
      await insertSubsidySession(tx, {
        ...{ id, label, partner, currency, budget_minor: budgetMinor, shares, ...span, openedBy: who.member ?? '' },
      })
      return id
    })
    return answer
  })
}

function checkShares(shares: readonly Share[], partner: string | null): void {
  const known = ['platform', 'seller', ...(partner === null ? [] : [`partner:${partner}`])]
  const bearers = shares.map(({ bearer }) => bearer)
  const sum = shares.reduce((all, { shareBp }) => all + shareBp, 0)
  if (sum === ALL_BP && new Set(bearers).size === bearers.length && bearers.every((one) => known.includes(one))) return
  throw refuse('BAD_USER_INPUT', `shares must be ${ALL_BP} together, each of ${known.join(', ')} once`, {
    details: { place: 'shares' },
  })
}

/** Goods as they are put into a session. */
export interface AddRequest extends MaybeKeyed {
  readonly session: string
  readonly variant: string
  readonly reduction: Reduction
}

/** Puts goods into a session, under the same key once: an offer like others, over the session's time and out of its budget. Gives the offer's id. */
export async function addToSession(shop: Shop, who: Identity, request: AddRequest): Promise<string> {
  needRole(who, 'operator')
  const deed = { owner: askerOf(who), kind: 'add-to-session', asked: request }
  const id = await again(() =>
    shop.db.transaction((tx) =>
      onceIfKeyed(tx, 'orders', deed, async () =>
        putOffer(tx, shop, { who, request: await offerOf(tx, shop, request) }),
      ),
    ),
  )
  announce(shop, [])
  return id
}

async function offerOf(
  tx: Database,
  shop: Shop,
  { session: id, variant, reduction }: AddRequest,
): Promise<OfferRequest> {
  const session = await found(tx, id)
  const seller = (await findGoods(tx, [variant])).get(variant)?.seller ?? ''
  if (session.closed) throw refuse('OFFER_CLOSED', 'the session is over')
  const at = await shop.databaseClock(tx)
  return {
    kind: session.partner === null ? 'PLATFORM_SUBSIDY' : 'PARTNER_SUBSIDY',
    ...{ variant, label: session.label, currency: session.currency, reduction, partner: session.partner, session: id },
    shares: session.shares.map((share) =>
      share.bearer === 'seller' ? { ...share, bearer: `seller:${seller}` } : share,
    ),
    startsAt: session.starts_at > at ? session.starts_at : null,
    endsAt: session.ends_at,
  }
}

/** Ends a session and all its offers now; what orders have taken stays theirs. */
export async function closeSession(shop: Shop, who: Identity, id: string): Promise<string> {
  needRole(who, 'operator')
  await found(shop.db, id)
  for (const offer of await offersOfSession(shop.db, id)) await closeOffer(shop, who, offer.id)
  await closeSubsidySession(shop.db, id, await shop.databaseClock(shop.db))
  return id
}

async function found(db: Database, id: string): Promise<SubsidySessionRow> {
  const session = (await findSubsidySessions(db, [id])).get(id)
  if (session === undefined) throw refuse('NOT_FOUND', 'no such session', { details: { place: 'subsidySessionId' } })
  return session
}
