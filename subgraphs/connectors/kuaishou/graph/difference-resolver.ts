import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { misread, text, whole } from '../../../../platform/decode.js'
import { needRole, type Identity } from '../../../../schema/identity.js'
import { refuse } from '../../../../schema/refuse.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../../host/graph/page.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import {
  pageDifferences,
  readAgreedDay,
  settleDifference,
  type DifferenceRow,
  type DifferenceState,
} from '../../difference-rows.js'
import { beijingDay } from '../flow/books.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import type { Asking } from './asking.js'
import {
  CompareKuaishouDayInput,
  CompareKuaishouDayPayload,
  DifferenceStateType,
  KuaishouDayType,
  KuaishouDifferenceConnection,
  KuaishouDifferenceType,
  SettleKuaishouDifferenceInput,
  SettleKuaishouDifferencePayload,
} from './difference-types.js'

/** A difference as its row says it; its deeds are loaded. */
type DifferenceValue = Omit<KuaishouDifferenceType, 'deeds'>

/** Where the books of both sides differ, and what people say to it; for operators. */
@Resolver(() => KuaishouDifferenceType)
export class DifferenceResolver {
  @Query(() => KuaishouDayType, {
    nullable: true,
    description: "What the last comparison of a day's books came to; null when it was never compared. For operators.",
  })
  async kuaishouDay(
    @Arg('day', () => String, { description: 'The day in Beijing, like 2026-11-11.' }) day: string,
    @Ctx() { who, flow }: Asking,
  ): Promise<KuaishouDayType | null> {
    needRole(who, 'operator')
    const row = await readAgreedDay(flow.db, SCHEMA, beijingDay(day).day)
    if (row === null) return null
    const money = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
    return {
      ...{ day: row.day, comparedAt: row.compared_at, orders: row.orders, undecided: row.undecided, open: row.open },
      ...{ ours: money(row.ours_minor), theirs: money(row.theirs_minor) },
    }
  }

  @Query(() => KuaishouDifferenceConnection, {
    nullable: true,
    description: 'Where the books differ, oldest first; of a day or of all. For operators.',
  })
  async kuaishouDifferences(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { who, flow }: Asking,
    @Arg('day', () => String, { nullable: true, description: 'Of this day only.' }) day?: string | null,
    @Arg('state', () => DifferenceStateType, { nullable: true, description: 'In this state only.' })
    state?: DifferenceState | null,
  ): Promise<Page<DifferenceValue>> {
    needRole(who, 'operator')
    const request = pageRequest(args)
    const [after = 0] = request.after ?? []
    if (typeof after !== 'number') throw misread('after', 'a cursor of this list', after)
    const wanted = { day: day == null ? null : beijingDay(day).day, state: state ?? null, after, most: request.limit }
    const page = pageOf(await pageDifferences(flow.db, SCHEMA, wanted), request, ({ number }) => [number])
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: differenceValue(node) })) }
  }

  @FieldResolver()
  async deeds(@Root() { number }: KuaishouDifferenceType, @Ctx() { loaders }: Asking) {
    const deeds = await loaders.deedsOfDifference.load(number)
    return deeds.map(({ state, reason, by_whom: by, at }) => ({ state, reason, by, at }))
  }

  @Mutation(() => CompareKuaishouDayPayload, {
    description: "Begins to compare a day's books, order by order and fen by fen. For operators.",
  })
  async compareKuaishouDay(
    @Arg('input', () => CompareKuaishouDayInput) input: CompareKuaishouDayInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ askedAt: Date }>> {
    needRole(who, 'operator')
    return await payload(() => {
      const { day } = beijingDay(text(input.day, 'day', { most: 10 }))
      const askedAt = flow.now()
      if (!flow.agreeing.begin(day)) throw refuse('BUSY', 'too many days wait to be compared')
      return Promise.resolve({ askedAt })
    })
  }

  @Mutation(() => SettleKuaishouDifferencePayload, {
    description: "A person's word on a difference, kept with who said it and why. For operators.",
  })
  async settleKuaishouDifference(
    @Arg('input', () => SettleKuaishouDifferenceInput) input: SettleKuaishouDifferenceInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ difference: DifferenceValue }>> {
    needRole(who, 'operator')
    return await payload(async () => {
      const row = await settleDifference(flow.db, SCHEMA, {
        number: whole(input.number, 'number', { least: 1 }),
        state: input.state,
        reason: text(input.reason, 'reason', { most: 500 }),
        by: signerOf(who),
        at: flow.now(),
      })
      if (row === null) throw refuse('NOT_FOUND', 'no such difference', { details: { place: 'number' } })
      return { difference: differenceValue(row) }
    })
  }
}

function signerOf({ member }: Identity): string {
  return member ?? 'an operator without a name'
}

function differenceValue(row: DifferenceRow): DifferenceValue {
  return {
    ...{ number: row.number, day: row.day, partnerOrder: row.order_key, ours: row.ours, theirs: row.theirs },
    ...{ what: row.what, state: row.state, foundAt: row.found_at },
  }
}
