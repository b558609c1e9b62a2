import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { fields, list, maybe, misread, oneOf, text, whole } from '../../../platform/decode.js'
import { needRole, partnerWith } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { BOOKED_ENDS, type Booked } from '../../host/books/agreement.js'
import { beijingDay, dayOf, type Day } from '../../host/books/book-day.js'
import type { DifferenceState } from '../../host/books/difference-rows.js'
import { DifferenceStateType } from '../../host/books/difference-types.js'
import { comparedDay, deedValues, differencesPage, settledDifference } from '../../host/books/difference-views.js'
import { PageArgs } from '../../host/graph/page.js'
import { payload } from '../../host/graph/payload.js'
import { readKey } from '../flow/read-request.js'
import { reportDay } from '../flow/report-day.js'
import { readReport, setDue } from '../store/reported-days.js'
import type { OrdersContext } from './orders-context.js'
import { partnerAsked } from './partner-day-resolver.js'
import {
  ComparePartnerDayInput,
  ComparePartnerDayPayload,
  PartnerDayType,
  PartnerDifferenceConnection,
  PartnerDifferenceType,
  PartnerReportDayInput,
  PartnerReportDayPayload,
  SettlePartnerDifferenceInput,
  SettlePartnerDifferencePayload,
} from './partner-report-types.js'

/** The most pages of a day, and the most lines of a page. */
const MOST_PAGES = 400
const MOST_LINES = 500

/** A partner hands in its books of a day, and both sides see where they differ from ours. */
@Resolver(() => PartnerDifferenceType)
export class PartnerReportResolver {
  @Mutation(() => PartnerReportDayPayload, {
    description:
      "Hands in a day's books, page by page; with the last one they are compared with ours, order by order. For partners.",
  })
  async partnerReportDay(
    @Arg('input', () => PartnerReportDayInput) input: PartnerReportDayInput,
    @Ctx() { who, flow: { shop, agreeing } }: OrdersContext,
  ) {
    const partner = partnerWith(who, 'statement')
    return await payload(async () => {
      const report = await reportDay(shop, {
        partner,
        idempotencyKey: readKey(input.idempotencyKey),
        day: begun(beijingDay(text(input.day, 'day', { most: 10 })), await shop.databaseClock(shop.db)),
        currency: currency(input.currency),
        page: whole(input.page, 'page', { least: 1, most: MOST_PAGES }),
        isLast: input.isLast,
        lines: list(input.lines, 'lines', readLine, { most: MOST_LINES }),
      })
      if (report.reportedAt !== null) agreeing.wake()
      return { report }
    })
  }

  @Query(() => PartnerDayType, {
    nullable: true,
    description:
      "What the last comparison of a day's books came to; null when it never was compared. A partner sees its own; operators name one.",
  })
  async partnerDay(
    @Arg('day', () => String, { description: 'The day in Beijing, like 2026-11-11.' }) day: string,
    @Ctx() { who, flow: { shop } }: OrdersContext,
    @Arg('partner', () => String, { nullable: true, description: 'Whose; a partner need not say it.' })
    partner?: string | null,
  ): Promise<PartnerDayType | null> {
    const of = { partner: partnerAsked(who, partner ?? null), day: beijingDay(day).day }
    const report = await readReport(shop.db, of)
    return report === null ? null : await comparedDay(shop.db, 'orders', { ...of, currency: report.currency })
  }

  @Query(() => PartnerDifferenceConnection, {
    nullable: true,
    description:
      'Where the books differ, oldest first; of a day or of all. A partner sees its own; operators name one, or see all.',
  })
  async partnerDifferences(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow: { shop } }: OrdersContext,
    @Arg('partner', () => String, { nullable: true, description: 'Whose; a partner need not say it.' })
    partner?: string | null,
    @Arg('day', () => String, { nullable: true, description: 'Of this day only.' }) day?: string | null,
    @Arg('state', () => DifferenceStateType, { nullable: true, description: 'In this state only.' })
    state?: DifferenceState | null,
  ) {
    const isAll = (partner ?? null) === null && who.roles.includes('operator') && !who.roles.includes('partner')
    const whose = isAll ? null : partnerAsked(who, partner ?? null)
    return await differencesPage(shop.db, 'orders', { args, partner: whose, day: day ?? null, state: state ?? null })
  }

  @FieldResolver()
  async deeds(@Root() { number }: PartnerDifferenceType, @Ctx() { who, loaders }: OrdersContext) {
    return deedValues(await loaders.deedsOfDifference.load(number), who)
  }

  @Mutation(() => ComparePartnerDayPayload, {
    description: 'Begins to compare a day again, with the books that the partner handed in. For operators.',
  })
  async comparePartnerDay(
    @Arg('input', () => ComparePartnerDayInput) input: ComparePartnerDayInput,
    @Ctx() { who, flow: { shop, agreeing } }: OrdersContext,
  ) {
    needRole(who, 'operator')
    return await payload(async () => {
      const partner = text(input.partner, 'partner', { most: 40 })
      const { day } = beijingDay(text(input.day, 'day', { most: 10 }))
      const report = await readReport(shop.db, { partner, day })
      if ((report?.reported_at ?? null) === null)
        throw refuse('NOT_FOUND', 'the partner has not handed in this day', { details: { place: 'day' } })
      const askedAt = await shop.databaseClock(shop.db)
      await setDue(shop.db, { partner, days: [day], at: askedAt })
      agreeing.wake()
      return { askedAt }
    })
  }

  @Mutation(() => SettlePartnerDifferencePayload, {
    description: "A person's word on a difference, kept with who said it and why. For operators.",
  })
  async settlePartnerDifference(
    @Arg('input', () => SettlePartnerDifferenceInput) input: SettlePartnerDifferenceInput,
    @Ctx() { who, flow: { shop } }: OrdersContext,
  ) {
    needRole(who, 'operator')
    return await payload(async () => {
      const at = await shop.databaseClock(shop.db)
      return { difference: await settledDifference(shop.db, 'orders', { input, who, at }) }
    })
  }
}

/** A day that has begun: nobody has books of one that has not. */
function begun(day: Day, now: Date): Day {
  if (day.from <= now) return day
  throw misread('day', `no later than today, ${dayOf(now)}`, day.day)
}

function currency(value: string): string {
  if (/^[A-Z]{3}$/.test(value)) return value
  throw misread('currency', 'three capitals', value)
}

function readLine(value: unknown, place: string): Booked {
  const it = fields(value, place)
  const minor = (name: string, most = Number.MAX_SAFE_INTEGER) =>
    whole(it[name], `${place}.${name}`, { least: 0, most })
  const known = (name: string) => maybe(it[name], `${place}.${name}`, (some, at) => whole(some, at, { least: 0 }))
  const paidMinor = minor('paidMinor')
  return {
    order: text(it['partnerOrderId'], `${place}.partnerOrderId`, { most: 100 }),
    end: oneOf(it['end'], `${place}.end`, BOOKED_ENDS),
    ...{ paidMinor, refundedMinor: minor('refundedMinor', paidMinor) },
    ...{ commissionMinor: known('commissionMinor'), subsidyMinor: known('subsidyMinor') },
  }
}
