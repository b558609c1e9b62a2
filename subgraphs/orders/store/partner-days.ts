import type { Database } from '../../../platform/db/database.js'
import type { OrderState } from '../../../schema/events/orders.js'

/** What a partner's order came to: the figures that both sides must agree on. */
export interface PartnerDayRow {
  readonly id: string
  readonly number: number
  readonly partner_order: string
  readonly state: OrderState
  readonly currency: string
  readonly paid_minor: number
  readonly refunded_minor: number
  /** What the partner earns by it, and what it bears of its price; after a refund nothing of either is left. */
  readonly commission_minor: number
  readonly subsidy_minor: number
  readonly created_at: Date
}

/** Which orders are asked for: those placed in a period, numbered above `after`. */
export interface PartnerDayWanted {
  readonly partner: string
  readonly from: Date
  readonly to: Date
  readonly after: number
  readonly most: number
}

/** A partner's orders of a period with what the ledger holds for each, in the order they were placed. */
export async function partnerDay(db: Database, wanted: PartnerDayWanted): Promise<readonly PartnerDayRow[]> {
  const { rows } = await db.query<PartnerDayRow>(
    `select p.id, p.number, p.partner_order, p.state, p.currency, p.paid_minor, p.refunded_minor, p.created_at,
       coalesce(e.commission, 0)::bigint as commission_minor, coalesce(e.subsidy, 0)::bigint as subsidy_minor
     from orders.purchase p left join lateral (
       select
         sum(case when credit = 'partner-share:' || $1::text then amount_minor when debit = 'partner-share:' || $1::text then -amount_minor end) as commission,
         sum(case when debit = 'subsidy:partner:' || $1::text then amount_minor when credit = 'subsidy:partner:' || $1::text then -amount_minor end) as subsidy
       from orders.entry where purchase = p.id) e on true
     where p.partner = $1 and p.created_at >= $2 and p.created_at < $3 and p.number > $4
     order by p.number limit $5`,
    [wanted.partner, wanted.from, wanted.to, wanted.after, wanted.most],
  )
  return rows
}
