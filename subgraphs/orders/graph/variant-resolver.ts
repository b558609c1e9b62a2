import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { idOf } from '../../../schema/ids.js'
import { quoteOrder, type OrderQuote } from '../flow/quote-order.js'
import { readLines } from '../flow/read-request.js'
import { QuoteInput } from './order-inputs.js'
import type { OrdersContext } from './orders-context.js'
import { PriceType, QuoteType, StockType, VariantType } from './price-types.js'
import { stub } from './stubs.js'
import { priceView } from './views.js'

/** What orders knows of a variant: its price and its stock. */
@Resolver(() => VariantType)
export class VariantResolver {
  @FieldResolver(() => PriceType, {
    nullable: true,
    description: 'What a piece costs, in a live room or anywhere; null for what is not sold here.',
  })
  async price(
    @Root() { id }: VariantType,
    @Arg('roomId', () => ID, { nullable: true, description: 'The room that the buyer is in.' })
    roomId: string | null | undefined,
    @Ctx() { loaders }: OrdersContext,
  ) {
    const room = roomId === null || roomId === undefined ? null : idOf('Room')(roomId, 'roomId')
    const quote = await loaders.prices.load({ variant: id, room })
    return quote === null ? null : priceView(quote)
  }

  @FieldResolver(() => StockType, {
    nullable: true,
    description: 'How many pieces there are; null while nobody has told.',
  })
  stock(@Root() { id }: VariantType, @Ctx() { loaders }: OrdersContext) {
    return loaders.stock.load(id)
  }

  @Query(() => QuoteType, {
    nullable: true,
    description: 'What an order would come to now, each step explained. It holds nothing.',
  })
  async quote(@Arg('input', () => QuoteInput) input: QuoteInput, @Ctx() { flow }: OrdersContext) {
    return quoteView(await quoteOrder(flow.shop, readLines(input.lines, flow.secrets.key('link'))))
  }
}

/** A quote as the graph shows it. */
export function quoteView(quote: OrderQuote) {
  return {
    total: quote.total,
    lines: quote.lines.map((line, at) => ({
      variant: stub('Variant', line.variant),
      quantity: line.quantity,
      price: priceView(line.price),
      total: line.total,
      available: quote.available[at] ?? 0,
    })),
  }
}
