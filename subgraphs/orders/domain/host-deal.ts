import { refuse } from '../../../schema/refuse.js'

/** Where a deal between a host and a seller about one product stands. */
export const DEAL_STATES = ['PROPOSED', 'COUNTERED', 'AGREED', 'REFUSED', 'ENDED'] as const
export type DealState = (typeof DEAL_STATES)[number]

/** What can be done to it. The host proposes, the seller answers, and a rate that was named by one is agreed by the other. */
export const DEAL_DEEDS = ['propose', 'counter', 'agree', 'refuse', 'end'] as const
export type DealDeed = (typeof DEAL_DEEDS)[number]
export type DealParty = 'host' | 'seller'

/** The way of a deal: from each state, what each party may do and where it leads. */
export const DEAL_MOVES: Readonly<
  Record<DealState, Readonly<Record<DealParty, Readonly<Partial<Record<DealDeed, DealState>>>>>>
> = {
  PROPOSED: {
    host: { propose: 'PROPOSED', refuse: 'REFUSED' },
    seller: { agree: 'AGREED', counter: 'COUNTERED', refuse: 'REFUSED' },
  },
  COUNTERED: {
    host: { agree: 'AGREED', propose: 'PROPOSED', refuse: 'REFUSED' },
    seller: { counter: 'COUNTERED', refuse: 'REFUSED' },
  },
  AGREED: { host: { end: 'ENDED' }, seller: { end: 'ENDED' } },
  REFUSED: { host: {}, seller: {} },
  ENDED: { host: {}, seller: {} },
}

/** The state that a party's deed leads to; refuses where the table has none. */
export function dealState(state: DealState, party: DealParty, deed: DealDeed): DealState {
  const next = DEAL_MOVES[state][party][deed]
  if (next === undefined)
    throw refuse('STATE_FORBIDS', `a deal that is ${state} cannot be done this by the ${party}: ${deed}`)
  return next
}
