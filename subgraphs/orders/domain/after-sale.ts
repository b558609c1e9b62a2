import { AFTER_SALE_STATES, type AfterSaleState } from '../../../schema/events/after-sales.js'
import { refuse } from '../../../schema/refuse.js'

/** What can be done to it. The inspection accepts, accepts a part or refuses; what it accepted is then refunded or exchanged. */
export const AFTER_SALE_DEEDS = [
  'approve',
  'reject',
  'withdraw',
  'sendBack',
  'receive',
  'accept',
  'acceptPart',
  'refuse',
  'refund',
  'exchange',
] as const
export type AfterSaleDeed = (typeof AFTER_SALE_DEEDS)[number]

const SETTLED = { refund: 'REFUNDED', exchange: 'EXCHANGED' } as const

/** The way of a return or an exchange: from each state, what may be done and where it leads. */
export const AFTER_SALE_MOVES: Readonly<
  Record<AfterSaleState, Readonly<Partial<Record<AfterSaleDeed, AfterSaleState>>>>
> = {
  REQUESTED: { approve: 'APPROVED', reject: 'REFUSED', withdraw: 'WITHDRAWN' },
  APPROVED: { sendBack: 'SENT_BACK', withdraw: 'WITHDRAWN' },
  SENT_BACK: { receive: 'RECEIVED' },
  RECEIVED: { accept: 'ACCEPTED', acceptPart: 'PARTLY_ACCEPTED', refuse: 'REFUSED' },
  ACCEPTED: SETTLED,
  PARTLY_ACCEPTED: SETTLED,
  REFUSED: {},
  WITHDRAWN: {},
  REFUNDED: {},
  EXCHANGED: {},
}

/** Deeds that move neither goods nor money. */
export const PLAIN_DEEDS = [
  'approve',
  'reject',
  'withdraw',
  'sendBack',
  'receive',
] as const satisfies readonly AfterSaleDeed[]
export type PlainDeed = (typeof PLAIN_DEEDS)[number]

/** The state that a deed leads to; refuses where the table has none. */
export function afterSaleState(state: AfterSaleState, deed: AfterSaleDeed): AfterSaleState {
  const next = AFTER_SALE_MOVES[state][deed]
  if (next === undefined) throw refuse('STATE_FORBIDS', `a return that is ${state} cannot be done this: ${deed}`)
  return next
}

/** States in which pieces are spoken for: no other return may name them. */
export const OPEN_STATES: readonly AfterSaleState[] = AFTER_SALE_STATES.filter(
  (state) => Object.keys(AFTER_SALE_MOVES[state]).length > 0,
)

/** What came back of a line, looked at: what is not accepted goes back to the buyer, what is damaged cannot be sold again. */
export interface Finding {
  readonly line: string
  readonly accepted: number
  readonly damaged: number
  /** Why not all of it was accepted, or why it is damaged. */
  readonly reason: string | null
}

/** What the findings come to; refuses those that are not of what was sent back, and a refusal without a reason. */
export function inspected(
  sent: ReadonlyMap<string, number>,
  findings: readonly Finding[],
): 'accept' | 'acceptPart' | 'refuse' {
  const lines = new Set(findings.map(({ line }) => line))
  if (lines.size !== sent.size || findings.length !== sent.size || [...lines].some((line) => !sent.has(line)))
    throw refuse('BAD_USER_INPUT', 'expected a finding for each line that came back', {
      details: { place: 'findings' },
    })
  for (const finding of findings) checkFinding(finding, sent.get(finding.line) ?? 0)
  const accepted = findings.reduce((sum, one) => sum + one.accepted, 0)
  if (accepted === 0) return 'refuse'
  return findings.every(({ line, accepted: of }) => of === sent.get(line)) ? 'accept' : 'acceptPart'
}

function checkFinding({ line, accepted, damaged, reason }: Finding, pieces: number): void {
  const details = { details: { place: `findings of ${line}` } }
  if (accepted > pieces || damaged > accepted)
    throw refuse('BAD_USER_INPUT', `${pieces} came back; no more are accepted, nor more damaged than accepted`, details)
  if (reason === null && (accepted < pieces || damaged > 0))
    throw refuse('BAD_USER_INPUT', 'what is not accepted or damaged has a reason', details)
}
