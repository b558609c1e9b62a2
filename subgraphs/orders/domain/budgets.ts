import type { Draft } from './draft.js'
import type { Offer } from './offers.js'
import type { Drawn } from './quote.js'

/** What is left of the budgets of sessions; one that is not named has no limit. */
export type Budgets = ReadonlyMap<string, number>

/** What an order takes from each budget. */
export function drawnBy({ lines }: Pick<Draft, 'lines'>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { session, amountMinor } of lines.flatMap(drawnByLine))
    sums.set(session, (sums.get(session) ?? 0) + amountMinor)
  return sums
}

/** What a line takes from each budget. */
export function drawnByLine({ price, quantity }: Draft['lines'][number]): readonly Drawn[] {
  return price.drawn.map(({ session, amountMinor }) => ({ session, amountMinor: amountMinor * quantity }))
}

/** Sessions of which more would be taken than is left. */
export function overdrawn(drawn: ReadonlyMap<string, number>, budgets: Budgets): readonly string[] {
  return [...drawn].flatMap(([session, minor]) => (minor > (budgets.get(session) ?? Infinity) ? [session] : []))
}

/** Offers as they are when the budgets of some sessions do not last. */
export function withoutSessions(offers: readonly Offer[], spent: ReadonlySet<string>): readonly Offer[] {
  return offers.map((offer) => {
    const { session, barred } = offer
    const isSpent = session !== null && session !== undefined && spent.has(session)
    return isSpent && barred === null ? { ...offer, barred: 'its budget is used up' } : offer
  })
}

/** What is left after an order: the next one sees it so. */
export function lessDrawn(budgets: Budgets, drawn: ReadonlyMap<string, number>): Budgets {
  return new Map([...budgets].map(([session, left]) => [session, left - (drawn.get(session) ?? 0)]))
}
