import { fields, list, maybe, oneOf, text, whole } from '../../../../platform/decode.js'
import { Failure } from '../../../../platform/failure.js'
import { pause } from '../../../../platform/time/clock.js'
import type { Ask } from '../../../../schema/ask.js'
import { ORDER_STATES } from '../../../../schema/events/orders.js'
import { ENDS, type Booked } from '../../../host/books/agreement.js'
import { aroundDay, DAY_MS, type Day, type OurBooked } from '../../../host/books/book-day.js'
import type { RemotePage } from '../decode-answers.js'
import { refundContent } from '../translate.js'
import { bookedOrder, commissionOf, type RemoteBooked } from '../translate-books.js'
import type { Span } from '../calls.js'
import { isRefused, type Work } from './work.js'

const SHORTEST_MS = 10_000
const MOST_TRIES = 30
const PAUSE_MS = 1_000
const TOO_LONG: ReadonlySet<unknown> = new Set([300_004, 300_019])

/** The partner's books of a day: its order list by time of creation, the refunds of these orders, and its rows of commission. */
export async function theirBooks(work: Work, { from, to }: Day): Promise<readonly Booked[]> {
  const { calls, ground } = work
  const end = new Date(Math.min(to.getTime() - 1, ground.clock.now().getTime()))
  if (end < from) return []
  const rows = (await everyPage(work, { from, to: end }, (span) => calls.bookedOrders(span))).map(bookedOrder)
  // Its list may show an order on two pages while it grows: that is no doubled line of its books.
  const orders = new Map(rows.map((order) => [order.oid, order])).values()
  const rates = await everyPage(work, { from, to: end }, (span) => calls.commissions(span))
  const commissions = new Map(rates.map(commissionOf))
  const books: Booked[] = []
  for (const order of orders) books.push(await theirOrder(work, order, commissions.get(order.oid)))
  return books
}

async function theirOrder(
  work: Work,
  order: RemoteBooked,
  commission: { readonly minor: number | null } | undefined,
): Promise<Booked> {
  const refundedMinor = order.isClosed ? order.paidMinor : await refunded(work, order)
  const isUndone = refundedMinor > 0 && refundedMinor === order.paidMinor
  return {
    order: order.oid,
    end: isUndone || order.isClosed ? 'gone' : order.isSold ? 'sold' : 'open',
    paidMinor: order.paidMinor,
    refundedMinor,
    commissionMinor: order.paidMinor === 0 ? 0 : commission === undefined ? null : commission.minor,
    subsidyMinor: isUndone || order.paidMinor === 0 ? 0 : order.subsidyMinor,
  }
}

async function refunded(work: Work, { refunds }: RemoteBooked): Promise<number> {
  let minor = 0
  for (const refundId of refunds)
    minor += refundContent(await insist(work, () => work.calls.refund(refundId))).amountMinor
  return minor
}

/** Every row of a period, span by span: the partner may want shorter ones. */
async function everyPage(
  work: Work,
  { from, to }: { readonly from: Date; readonly to: Date },
  ask: (span: Span) => Promise<RemotePage>,
): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  let lengthMs = Math.min(DAY_MS, work.config.windowMs)
  for (let at = from.getTime(); at <= to.getTime();) {
    const span = { from: new Date(at), to: new Date(Math.min(at + lengthMs, to.getTime())) }
    try {
      rows.push(...(await everyRow(work, span, ask)))
      at = span.to.getTime() + 1
    } catch (error) {
      if (!isRefused(error) || !TOO_LONG.has(error.details['result']) || lengthMs <= SHORTEST_MS) throw error
      lengthMs = Math.max(SHORTEST_MS, Math.floor(lengthMs / 2))
    }
  }
  return rows
}

async function everyRow(work: Work, span: Omit<Span, 'after'>, ask: (span: Span) => Promise<RemotePage>) {
  const rows: unknown[] = []
  let after: string | null = null
  do {
    const page: RemotePage = await insist(work, () => ask({ ...span, after }))
    rows.push(...page.rows)
    after = page.after
  } while (after !== null)
  return rows
}

/** Asks again after the pause that the partner names: a day of many pages is not begun again for one of them. */
export async function insist<T>({ ground }: Pick<Work, 'ground'>, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const passing = error instanceof Failure && error.code === 'PARTNER_UNAVAILABLE'
      if (!passing || tries === MOST_TRIES) throw error
      const named = error.details['retryAfterMs']
      await pause(ground.clock, typeof named === 'number' ? named : PAUSE_MS)
    }
  }
}

const STATEMENT = `query OurBooks($from: DateTime!, $to: DateTime!, $after: String) {
  partnerStatement(from: $from, to: $to, first: 100, after: $after) {
    edges { node { partnerOrder state createdAt paid { amountMinor } refunded { amountMinor } commission { amountMinor } subsidy { amountMinor } } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** Our books of some days around one: the partner counts an order to the day it was made there, a little later or earlier than here. */
export async function ourBooks(ask: Ask, day: Day): Promise<readonly OurBooked[]> {
  const books: OurBooked[] = []
  const around = aroundDay(day)
  let after: string | null = null
  do {
    const { data, errors } = await ask({ query: STATEMENT, variables: { ...around, after } })
    const [fault] = errors
    if (fault !== undefined) throw new Failure(fault.code, fault.message)
    const page = fields(fields(data, 'answer')['partnerStatement'], 'partnerStatement')
    books.push(...list(page['edges'], 'edges', (edge, place) => ourOrder(fields(edge, place)['node'], place)))
    const info = fields(page['pageInfo'], 'pageInfo')
    after = info['hasNextPage'] === true ? maybe(info['endCursor'], 'endCursor', (value, at) => text(value, at)) : null
  } while (after !== null)
  return books
}

function ourOrder(value: unknown, place: string): OurBooked {
  const it = fields(value, place)
  const minor = (name: string): number =>
    whole(fields(it[name], `${place}.${name}`)['amountMinor'], `${place}.${name}.amountMinor`)
  return {
    order: text(it['partnerOrder'], `${place}.partnerOrder`),
    end: ENDS[oneOf(it['state'], `${place}.state`, ORDER_STATES)],
    ...{ paidMinor: minor('paid'), refundedMinor: minor('refunded') },
    ...{ commissionMinor: minor('commission'), subsidyMinor: minor('subsidy') },
    createdAt: new Date(text(it['createdAt'], `${place}.createdAt`)),
  }
}
