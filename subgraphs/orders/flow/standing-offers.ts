import type { Database } from '../../../platform/db/database.js'
import type { Asker, ShopFacts } from '../domain/draft.js'
import type { Offer } from '../domain/offers.js'
import type { GoodsRow } from '../store/goods.js'
import { havePlus } from '../store/plus.js'
import { findSubsidySessions } from '../store/subsidy-sessions.js'
import { offersOf, type PriceOfferRow } from '../store/price-offers.js'

/** Whether a stored offer is open at a moment of the database's clock. */
export function isOpenAt(offer: Pick<PriceOfferRow, 'starts_at' | 'ends_at'>, at: Date): boolean {
  return offer.starts_at <= at && (offer.ends_at === null || offer.ends_at > at)
}

/** Reads the stored offers that are open now; goods that never had one cost no statement, so that a rush on them is as fast as without. With `lock` nobody else takes from their budgets meanwhile. */
export async function standingOffers(
  db: Database,
  goods: readonly GoodsRow[],
  { askers, at, lock = false }: { readonly askers: readonly Asker[]; readonly at: Date; readonly lock?: boolean },
): Promise<Pick<ShopFacts, 'offers' | 'budgets'>> {
  const offered = goods.filter((row) => row.offered).map((row) => row.variant)
  if (offered.length === 0) return NO_OFFERS
  const members = [...new Set(askers.flatMap((asker) => asker.member ?? []))].sort()
  const [rows, plus] = await Promise.all([offersOf(db, offered, at), havePlus(db, members, at)])
  const byVariant = new Map<string, PriceOfferRow[]>()
  for (const row of rows) {
    if (!isOpenAt(row, at)) continue
    const known = byVariant.get(row.variant)
    if (known === undefined) byVariant.set(row.variant, [row])
    else known.push(row)
  }
  const sessions = [...new Set(rows.flatMap((row) => row.session ?? []))].sort()
  const budgets = await findSubsidySessions(db, sessions, { lock })
  return {
    offers: (variant, asker) =>
      (byVariant.get(variant) ?? [])
        .filter((row) => row.partner === null || row.partner === asker.partner)
        .map((row) => offerFor(row, asker.member !== null && plus.has(asker.member))),
    budgets: new Map([...budgets].map(([id, row]) => [id, row.budget_minor - row.used_minor])),
  }
}

/** Where nothing is offered, no budget is asked for. */
export const NO_OFFERS: Pick<ShopFacts, 'offers' | 'budgets'> = { offers: () => [], budgets: new Map() }

/** A stored offer as the rules of prices know it. What is for PLUS members is shown to everybody. */
export function offerFor(row: PriceOfferRow, hasPlus: boolean): Offer {
  const { id, kind, label, currency, reduction, shares, session } = row
  const barred = kind === 'PLUS' && !hasPlus ? 'for PLUS members' : null
  return { id, kind, label, currency, reduction, shares, session, barred }
}
