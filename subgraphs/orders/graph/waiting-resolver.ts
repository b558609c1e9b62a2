import { Arg, Ctx, Directive, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from 'type-graphql'
import { list } from '../../../platform/decode.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { payload } from '../../host/graph/payload.js'
import { stopWaiting } from '../flow/waiting-list.js'
import { findWaits, type Wait } from '../store/waiters.js'
import type { OrdersContext } from './orders-context.js'
import { FlashSalePayload, FlashSaleType } from './sale-types.js'
import { MOST_MEMBERS, MOST_SALES } from './sale-viewers.js'
import type { SaleView } from './views.js'

@InputType('WaitForFlashSaleInput', { description: 'A flash sale to wait for.' })
export class WaitForFlashSaleInput {
  @Field(() => ID, { description: 'Which.' })
  flashSaleId!: string
}

@InputType('StopWaitingInput', { description: 'A flash sale to wait for no longer.' })
export class StopWaitingInput {
  @Field(() => ID, { description: 'Which.' })
  flashSaleId!: string
}

/** Waiting for what comes back of a sale that is sold out. */
@Resolver(() => FlashSaleType)
export class WaitingResolver {
  @Mutation(() => FlashSalePayload, {
    description:
      'Waits for a piece of a flash sale that is sold out; asking again changes nothing. A piece that comes back is kept for the first ' +
      'in the line for a while: he buys it with placeOrder. For members.',
  })
  waitForFlashSale(
    @Arg('input', () => WaitForFlashSaleInput) input: WaitForFlashSaleInput,
    @Ctx() context: OrdersContext,
  ) {
    return moved(context, input, (place) => context.flow.waiting.wait(place))
  }

  @Mutation(() => FlashSalePayload, { description: 'Waits no longer. For members.' })
  stopWaiting(@Arg('input', () => StopWaitingInput) input: StopWaitingInput, @Ctx() context: OrdersContext) {
    return moved(context, input, (place) => stopWaiting(context.flow.shop, place))
  }

  @Directive('@live(viewer: "waitsAheadFor")')
  @FieldResolver(() => SafeInt, {
    nullable: true,
    description: 'How many wait before whoever asks; 0: the next piece is his; null: he does not wait.',
  })
  async aheadForMe(@Root() { id }: SaleView, @Ctx() { who, flow }: OrdersContext): Promise<number | null> {
    if (who.member === null) return null
    return (await waitsOf(flow, id, [who.member])).get(who.member)?.ahead ?? null
  }

  @Directive('@live(viewer: "offersUntilFor")')
  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'Until when a piece that came back is kept for whoever asks; null: none is.',
  })
  async keptForMeUntil(@Root() { id, at }: SaleView, @Ctx() { who, flow }: OrdersContext): Promise<Date | null> {
    if (who.member === null) return null
    return keptUntil((await waitsOf(flow, id, [who.member])).get(who.member), at)
  }

  @Directive('@inaccessible')
  @Query(() => [[SafeInt]], {
    nullable: 'itemsAndList',
    description: "`aheadForMe` of each sale for each member. For the gateway's own questions: no client can see it.",
  })
  waitsAheadFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() context: OrdersContext,
  ) {
    return tableOf(context, { members, ids }, (wait) => wait?.ahead ?? null)
  }

  @Directive('@inaccessible')
  @Query(() => [[DateTime]], {
    nullable: 'itemsAndList',
    description:
      "`keptForMeUntil` of each sale for each member. For the gateway's own questions: no client can see it.",
  })
  offersUntilFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() context: OrdersContext,
  ) {
    return tableOf(context, { members, ids }, keptUntil)
  }
}

function moved(
  { who, loaders }: OrdersContext,
  input: { readonly flashSaleId: string },
  deed: (place: { readonly flashSale: string; readonly buyer: string }) => Promise<void>,
) {
  return payload(async () => {
    needRole(who, 'member')
    const flashSale = idOf('FlashSale')(input.flashSaleId, 'flashSaleId')
    await deed({ flashSale, buyer: memberOf(who) })
    return { flashSale: await loaders.sales.load(flashSale) }
  })
}

interface Asked {
  readonly members: readonly string[]
  readonly ids: readonly string[]
}

/** For each member a list with one value for each sale; one statement for each sale. */
async function tableOf<T>(
  { loaders, flow }: OrdersContext,
  { members, ids }: Asked,
  value: (wait: Wait | undefined, at: Date) => T,
) {
  const asked = list(members, 'members', idOf('Member'), { most: MOST_MEMBERS })
  const wanted = list(ids, 'ids', idOf('FlashSale'), { most: MOST_SALES })
  const columns = await Promise.all(
    wanted.map(async (id) => {
      const [sale, waits] = await Promise.all([loaders.sales.load(id), waitsOf(flow, id, asked)])
      return asked.map((member) => (sale === null ? null : value(waits.get(member), sale.at)))
    }),
  )
  return asked.map((_, row) => columns.map((column) => column[row] ?? null))
}

async function waitsOf(
  { shop }: OrdersContext['flow'],
  flashSale: string,
  buyers: readonly string[],
): Promise<ReadonlyMap<string, Wait>> {
  return new Map((await findWaits(shop.db, flashSale, buyers)).map((wait) => [wait.buyer, wait]))
}

function keptUntil(wait: Wait | undefined, at: Date): Date | null {
  const until = wait?.offeredUntil ?? null
  return until !== null && until > at ? until : null
}
