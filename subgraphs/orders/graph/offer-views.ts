import type { Reduction } from '../domain/offers.js'
import type { PriceOfferRow } from '../store/price-offers.js'
import { stub } from './stubs.js'
import { money } from './views.js'

/** A reduction as the graph shows it: one of its three fields is set. */
export function reductionView(reduction: Reduction, currency: string) {
  const { form } = reduction
  return {
    to: form === 'TO' ? money(reduction.minor, currency) : null,
    by: form === 'BY' ? money(reduction.minor, currency) : null,
    rateBp: form === 'RATE' ? reduction.bp : null,
  }
}

/** A stored offer as the graph shows it. */
export function offerView(row: PriceOfferRow) {
  return {
    __typename: 'PriceOffer' as const,
    id: row.id,
    kind: row.kind,
    label: row.label,
    variant: stub('Variant', row.variant),
    reduction: reductionView(row.reduction, row.currency),
    shares: row.shares,
    partner: row.partner,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    closed: row.closed,
  }
}
