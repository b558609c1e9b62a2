import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import { fields, list } from '../../../platform/decode.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { SafeInt } from '../../host/graph/scalars.js'
import { payload } from '../../host/graph/payload.js'
import { admittedAt, positionAt, type Pace } from '../domain/queue.js'
import { signTicket } from '../flow/sign-ticket.js'
import type { Look } from '../flow/watch-order.js'
import type { OrdersContext } from './orders-context.js'
import { QueueTicketPayload, SaleQueueType, TakeQueueTicketInput } from './queue-types.js'
import { FlashSaleType } from './sale-types.js'
import { MOST_MEMBERS, MOST_SALES } from './sale-viewers.js'
import type { SaleView } from './views.js'

/** The line before a flash sale: a place in it, and where it has come to. */
@Resolver(() => FlashSaleType)
export class QueueResolver {
  @Mutation(() => QueueTicketPayload, {
    description: 'Takes a place in the line before a flash sale; who has one already keeps it. For members.',
  })
  takeQueueTicket(
    @Arg('input', () => TakeQueueTicketInput) input: TakeQueueTicketInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'member')
      const place = { flashSale: idOf('FlashSale')(input.flashSaleId, 'flashSaleId'), buyer: memberOf(who) }
      const ticket = await flow.desk.take(place)
      const flashSale = await loaders.sales.load(place.flashSale)
      const position = flashSale?.queue == null ? 0 : positionAt(flashSale.queue, ticket.number, flashSale.at)
      return { ticket: { ...ticket, token: signTicket(flow.secrets.key('queue'), ticket), position, flashSale } }
    })
  }

  @Directive('@live(shared: true)')
  @Subscription(() => FlashSaleType, {
    description:
      'A flash sale as it is now, and again each time it or a line of it has moved on: `positionForMe` is the position before it, ' +
      '`aheadForMe` that among those who wait for what comes back.',
    subscribe: watched,
  })
  async queuePosition(
    @Arg('flashSaleId', () => ID) _flashSaleId: string,
    @Root() { id }: Look,
    @Ctx() { loaders }: OrdersContext,
  ): Promise<SaleView> {
    return known(await loaders.sales.load(id))
  }

  @FieldResolver(() => SaleQueueType, {
    nullable: true,
    description: 'The line before it; null: whoever comes may buy.',
  })
  queue(@Root() { queue, at }: SaleView): SaleQueueType | null {
    if (queue === null) return null
    const admitted = admittedAt(queue, at)
    return { admitted, perSecond: queue.perSecond, waiting: Math.max(0, queue.last - admitted) }
  }

  @Directive('@live(viewer: "queuePositionsFor")')
  @FieldResolver(() => SafeInt, {
    nullable: true,
    description: 'How many are to be admitted before whoever asks; 0: he may buy; null: he holds no ticket.',
  })
  async positionForMe(@Root() sale: SaleView, @Ctx() { who, flow }: OrdersContext): Promise<number | null> {
    if (who.member === null || sale.queue === null) return null
    const [number] = await flow.queues.numbersOf([{ flashSale: sale.id, buyer: who.member }])
    return positionOf(sale.queue, number, sale.at)
  }

  @Directive('@inaccessible')
  @Query(() => [[SafeInt]], {
    nullable: 'itemsAndList',
    description: "`positionForMe` of each sale for each member. For the gateway's own questions: no client can see it.",
  })
  async queuePositionsFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() { loaders, flow }: OrdersContext,
  ): Promise<readonly (readonly (number | null)[])[]> {
    const asked = list(members, 'members', idOf('Member'), { most: MOST_MEMBERS })
    const wanted = list(ids, 'ids', idOf('FlashSale'), { most: MOST_SALES })
    const columns = await Promise.all(
      wanted.map(async (id) => {
        const sale = await loaders.sales.load(id)
        const queue = sale?.queue ?? null
        if (sale === null || queue === null) return asked.map(() => null)
        const numbers = await flow.queues.numbersOf(asked.map((buyer) => ({ flashSale: id, buyer })))
        return numbers.map((number) => positionOf(queue, number, sale.at))
      }),
    )
    return asked.map((_, row) => columns.map((column) => column[row] ?? null))
  }
}

interface Asked {
  readonly args: unknown
  readonly context: OrdersContext
}

async function watched({ args, context }: Asked): Promise<AsyncIterable<Look>> {
  const id = idOf('FlashSale')(fields(args, 'queuePosition')['flashSaleId'], 'flashSaleId')
  known(await context.loaders.sales.load(id))
  context.loaders.sales.clear(id)
  return context.flow.queues.watch(id)
}

function known(sale: SaleView | null): SaleView {
  if (sale === null) throw refuse('NOT_FOUND', 'no such flash sale')
  return sale
}

function positionOf(pace: Pace, number: number | null | undefined, at: Date): number | null {
  return number === null || number === undefined ? null : positionAt(pace, number, at)
}
