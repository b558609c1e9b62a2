import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { text } from '../../../../platform/decode.js'
import { needRole } from '../../../../schema/identity.js'
import { refuse } from '../../../../schema/refuse.js'
import { beijingDay } from '../../../host/books/book-day.js'
import type { DifferenceState } from '../../../host/books/difference-rows.js'
import { DifferenceStateType } from '../../../host/books/difference-types.js'
import {
  comparedDay,
  deedValues,
  differencesPage,
  settledDifference,
  type DifferenceValue,
} from '../../../host/books/difference-views.js'
import { PageArgs, type Page } from '../../../host/graph/page.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import type { Asking } from './asking.js'
import {
  CompareKuaishouDayInput,
  CompareKuaishouDayPayload,
  KuaishouDayType,
  KuaishouDifferenceConnection,
  KuaishouDifferenceType,
  SettleKuaishouDifferenceInput,
  SettleKuaishouDifferencePayload,
} from './difference-types.js'

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
    return await comparedDay(flow.db, SCHEMA, { partner: SCHEMA, day, currency: 'CNY' })
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
    const wanted = { partner: SCHEMA, day: day ?? null, state: state ?? null }
    return await differencesPage(flow.db, SCHEMA, { args, ...wanted })
  }

  @FieldResolver()
  async deeds(@Root() { number }: KuaishouDifferenceType, @Ctx() { who, loaders }: Asking) {
    return deedValues(await loaders.deedsOfDifference.load(number), who)
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
    return await payload(async () => ({
      difference: await settledDifference(flow.db, SCHEMA, { input, who, at: flow.now() }),
    }))
  }
}
