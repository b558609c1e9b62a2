import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { misread, text, whole } from '../../../platform/decode.js'
import type { Address } from '../../../schema/address.js'
import { partnerWith } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { deliveryPromise } from '../domain/delivery-promise.js'
import { ANYBODY } from '../domain/draft.js'
import {
  cancelPartnerOrder,
  confirmPartnerOrder,
  receivePartnerOrder,
  refundPartnerOrder,
} from '../flow/partner-orders.js'
import { SEES_ORDERS } from '../flow/find-order.js'
import { promiseDelivery } from '../flow/promise-delivery.js'
import { quoteOrder } from '../flow/quote-order.js'
import { readKey, readLines } from '../flow/read-request.js'
import type { AddressOf } from '../flow/seal-address.js'
import { answered, reason } from './order-mutations.js'
import { OrderPayload, OrderType } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import {
  PartnerCancelInput,
  PartnerConfirmInput,
  PartnerPlaceOrderInput,
  PartnerQuoteInput,
  PartnerReceiveInput,
  PartnerRefundInput,
  type PartnerAddressInput,
} from './partner-inputs.js'
import { QuoteType } from './price-types.js'
import { quoteView } from './variant-resolver.js'
import type { OrderView } from './views.js'

/** Selling inside a partner's app: the same prices, rules and stock, and a partner sees its own orders only. */
@Resolver()
export class PartnerResolver {
  @Query(() => QuoteType, { nullable: true, description: "What a partner's order would come to now. For partners." })
  async partnerQuote(@Arg('input', () => PartnerQuoteInput) input: PartnerQuoteInput, @Ctx() context: OrdersContext) {
    const partner = partnerWith(context.who, 'quote')
    const { shop, secrets } = context.flow
    const region = regionOf(input.regionCode)
    const quote = await quoteOrder(shop, readLines(input.lines, secrets.key('link')), { ...ANYBODY, partner })
    return { ...quoteView(quote), delivery: region === null ? null : await promiseDelivery(shop, quote, region) }
  }

  @Query(() => OrderType, { nullable: true, description: "An order by the partner's own number. For partners." })
  async partnerOrder(
    @Arg('partnerOrderId', () => String, { description: "The partner's own number." }) partnerOrderId: string,
    @Ctx() { who, loaders }: OrdersContext,
  ): Promise<OrderView> {
    const order = await loaders.partnerOrders.load({
      partner: partnerWith(who, ...SEES_ORDERS),
      partnerOrder: number(partnerOrderId),
    })
    if (order === null) throw refuse('NOT_FOUND', 'no such order of yours')
    return order
  }

  @Mutation(() => OrderPayload, {
    description: "Places a partner's order and holds its pieces until it is confirmed. For partners.",
  })
  partnerPlaceOrder(
    @Arg('input', () => PartnerPlaceOrderInput) input: PartnerPlaceOrderInput,
    @Ctx() context: OrdersContext,
  ) {
    return answered(context, async ({ who, flow }) => {
      const partner = partnerWith(who, 'order')
      const outlet = input.outlet ?? null
      const region = narrowest(input.address?.regionCode) ?? regionOf(input.regionCode)
      if (region !== null && promised(context, region) === null)
        throw refuse('NOT_DELIVERED', `nothing is delivered to ${region}`, { details: { place: 'regionCode' } })
      const lines = input.lines.map(({ variantId, quantity, unitPriceMinor }) => {
        return { variantId, quantity, unitPriceMinor: unitPriceMinor ?? null, outlet }
      })
      const partnerOrder = number(input.partnerOrderId)
      return flow.counter.place({
        buyer: { member: null, partner },
        idempotencyKey: readKey(input.idempotencyKey),
        partnerOrder,
        lines: readLines(lines, flow.secrets.key('link')),
        addressId: null,
        region,
        address: sealed(context, input.address, { partner, partnerOrder }),
        expectedTotalMinor: null,
      })
    })
  }

  @Mutation(() => OrderPayload, { description: 'The buyer has paid at the partner. For partners.' })
  partnerConfirm(@Arg('input', () => PartnerConfirmInput) input: PartnerConfirmInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      partnerWith(who, 'order')
      const paidMinor = whole(input.paidMinor, 'paidMinor', { least: 0 })
      const partnerOrder = number(input.partnerOrderId)
      return confirmPartnerOrder(flow.shop, who, { partnerOrder, paidMinor, paidAt: input.paidAt })
    })
  }

  @Mutation(() => OrderPayload, { description: 'The buyer gave up before paying. For partners.' })
  partnerCancel(@Arg('input', () => PartnerCancelInput) input: PartnerCancelInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      partnerWith(who, 'order')
      return cancelPartnerOrder(flow.shop, who, {
        partnerOrder: number(input.partnerOrderId),
        reason: reason(input.reason, 'reason'),
      })
    })
  }

  @Mutation(() => OrderPayload, { description: 'The buyer has the parcel. For partners.' })
  partnerReceive(@Arg('input', () => PartnerReceiveInput) input: PartnerReceiveInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      partnerWith(who, 'order')
      return receivePartnerOrder(flow.shop, who, number(input.partnerOrderId))
    })
  }

  @Mutation(() => OrderPayload, { description: 'The partner has given the buyer the money back. For partners.' })
  partnerRefund(@Arg('input', () => PartnerRefundInput) input: PartnerRefundInput, @Ctx() context: OrdersContext) {
    return answered(context, async ({ who, flow }) => {
      partnerWith(who, 'after-sales')
      return refundPartnerOrder(flow.shop, who, {
        partnerOrder: number(input.partnerOrderId),
        reason: reason(input.reason, 'reason'),
      })
    })
  }
}

function promised({ flow: { shop } }: OrdersContext, region: string) {
  return deliveryPromise(shop.terms.warehouses, region, shop.clock.now())
}

function regionOf(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null
  if (/^(\d\d){1,3}$/.test(value)) return value
  throw misread('regionCode', 'a region of 2, 4 or 6 digits', value)
}

/** An address of a region that we cannot read is delivered to: its partner has taken the order. */
function narrowest(code: string | undefined): string | null {
  return code !== undefined && /^\d{6}/.test(code) ? code.slice(0, 6) : null
}

function number(value: string): string {
  return text(value, 'partnerOrderId', { most: 100 })
}

function sealed({ flow }: OrdersContext, input: PartnerAddressInput | null | undefined, of: AddressOf) {
  if (input === null || input === undefined) return null
  const address: Address = {
    regionCode: text(input.regionCode, 'address.regionCode', { most: 20 }),
    line: text(input.line, 'address.line', { most: 300 }),
    receiver: text(input.receiver, 'address.receiver', { most: 100 }),
    phone: text(input.phone, 'address.phone', { most: 40 }),
  }
  return flow.addresses.seal(address, of)
}
