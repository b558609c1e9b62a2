import type { Failure } from '../../../platform/failure.js'
import { refuse } from '../../../schema/refuse.js'

/** How a sale admits: `perSecond` numbers a second since an instant, the first of them at once; up to `base` all were admitted before it. */
export interface Pace {
  readonly perSecond: number
  readonly base: number
  readonly since: Date
}

/** What a queue ticket says: whose place it is, in which line, and until when the paper is good. The place itself lasts as long as the sale. */
export interface QueueTicket {
  readonly flashSale: string
  readonly buyer: string
  readonly number: number
  readonly expiresAt: Date
}

/** The highest number that may buy at a moment. */
export function admittedAt({ perSecond, base, since }: Pace, at: Date): number {
  const ms = at.getTime() - since.getTime()
  return ms < 0 ? base : base + 1 + Math.floor((ms * perSecond) / 1000)
}

/** When a number is admitted, if the pace stays as it is. */
export function admissionOf({ perSecond, base, since }: Pace, number: number): Date {
  return new Date(since.getTime() + Math.max(0, Math.ceil(((number - base - 1) * 1000) / perSecond)))
}

/** How many are still to be admitted until a number is; 0: it may buy. */
export function positionAt(pace: Pace, number: number, at: Date): number {
  return Math.max(0, number - admittedAt(pace, at))
}

/**
 * The next number of a line. Where nobody waits it is due at once, but what nobody used before is not saved up: a crowd that comes late
 * is admitted at the pace too.
 */
export function nextNumber(pace: Pace, last: number, at: Date): number {
  return Math.max(last + 1, admittedAt(pace, at))
}

/** Why a sale that asks for a ticket does not sell by this one now; null says that it does. */
export function admission(pace: Pace, ticket: QueueTicket | undefined, at: Date): Failure | null {
  if (ticket === undefined) return refuse('TICKET_MISSING', 'the flash sale asks for a queue ticket of its own')
  if (at >= ticket.expiresAt) return refuse('TICKET_EXPIRED', 'the queue ticket has expired; the place is kept')
  const position = positionAt(pace, ticket.number, at)
  if (position === 0) return null
  const retryAfterMs = Math.max(100, admissionOf(pace, ticket.number).getTime() - at.getTime())
  const message = `${position} are to be admitted before; try again in ${retryAfterMs} ms`
  return refuse('TICKET_NOT_YET', message, { details: { position, retryAfterMs } })
}
