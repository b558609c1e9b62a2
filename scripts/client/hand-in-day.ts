import { fields, maybe, text, whole } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { pause, type Clock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { dayOf } from '../../subgraphs/host/books/book-day.js'
import { act } from './deed.js'

const REPORT = `mutation Report($input: PartnerReportDayInput!) { partnerReportDay(input: $input) {
  report { reportedAt } errors { code message field } } }`
const DAY = 'query Day($day: String!) { partnerDay(day: $day) { comparedAt open } }'

/** Hands in today's books of a partner, of one page, and waits until the shop has compared them; gives how many differences are open. */
export async function handInDay({
  ask,
  clock,
  lines,
}: {
  readonly ask: Ask
  readonly clock: Clock
  readonly lines: readonly { readonly partnerOrderId: string; readonly [field: string]: unknown }[]
}): Promise<number> {
  const day = dayOf(clock.now())
  const idempotencyKey = `${day} ${lines.map(({ partnerOrderId }) => partnerOrderId).join(' ')}`.slice(0, 200)
  const { report } = await act(ask, REPORT, { input: { idempotencyKey, day, lines } })
  const reportedAt = text(fields(report, 'report')['reportedAt'], 'reportedAt')
  for (let tries = 0; tries < 120; tries++) {
    const { data, errors } = await ask({ query: DAY, variables: { day } })
    if (errors[0] !== undefined) throw new Failure(errors[0].code, errors[0].message)
    const compared = maybe(fields(data, 'data')['partnerDay'], 'partnerDay', fields)
    if (compared !== null && text(compared['comparedAt'], 'comparedAt') >= reportedAt)
      return whole(compared['open'], 'open')
    await pause(clock, 500)
  }
  throw new Failure('PARTNER_UNAVAILABLE', `the shop did not compare ${day} within a minute`)
}
