import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { idOf } from '../../../schema/ids.js'
import { quoteOrder, type OrderQuote } from '../flow/quote-order.js'
import { readCoupons, readLines } from '../flow/read-request.js'
import { MoneyType } from '../../host/graph/money.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { QuoteInput } from './order-inputs.js'
import type { OrdersContext } from './orders-context.js'
import { PriceType, QuoteType, StockType, VariantType } from './price-types.js'
import { stub } from './stubs.js'
import { quotedDeposit } from './pre-sale-views.js'
import { couponPartView, money, piecesView, priceView } from './views.js'

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
    return quote === null ? null : priceView(id, quote)
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
  @Directive(PERSONAL)
  async quote(@Arg('input', () => QuoteInput) input: QuoteInput, @Ctx() { who, flow }: OrdersContext) {
    const asker = { member: who.member, partner: who.partner, coupons: readCoupons(input.couponIds) }
    return quoteView(await quoteOrder(flow.shop, readLines(input.lines, flow.secrets.key('link')), asker))
  }
}

/** What a price was: asked only by who wants to know. */
@Resolver(() => PriceType)
export class PriceResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'The lowest price of the last 30 days that everybody could have had: list price, offers and flash sales.',
  })
  lowest30Days(@Root() { variant }: { readonly variant: string }, @Ctx() { loaders }: OrdersContext) {
    return loaders.lowestPrices.load(variant)
  }
}

/** A quote as the graph shows it. */
export function quoteView(quote: OrderQuote) {
  return {
    total: quote.total,
    deposit: quote.deposit === undefined ? null : quotedDeposit(quote.deposit, quote.total.currency),
    coupons: quote.coupons.map(({ coupon, reducedMinor, why }) => ({
      ...{ id: coupon.id, label: coupon.label, why },
      amount: money(-reducedMinor, coupon.currency),
    })),
    lines: quote.lines.map((line, at) => ({
      variant: stub('Variant', line.variant),
      quantity: line.quantity,
      price: priceView(line.variant, line.price),
      coupons: line.coupons.map((part) => couponPartView(part, line.total.currency)),
      pieces: piecesView(line.total.amountMinor, line.quantity, line.total.currency),
      total: line.total,
      available: quote.available[at] ?? 0,
    })),
  }
}
