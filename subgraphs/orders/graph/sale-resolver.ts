import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { payload } from '../../host/graph/payload.js'
import { closeFlashSale, openFlashSale } from '../flow/flash-sales.js'
import { setStock } from '../flow/set-stock.js'
import { CloseFlashSaleInput, OpenFlashSaleInput, SetStockInput } from './order-inputs.js'
import { reason } from './order-mutations.js'
import type { OrdersContext } from './orders-context.js'
import { FlashSalePayload, FlashSaleType, SetStockPayload } from './sale-types.js'
import { stub } from './stubs.js'
import type { SaleView } from './views.js'

const MOST_PIECES = 10_000_000

/** Flash sales, and counts of the stock. */
@Resolver(() => FlashSaleType)
export class SaleResolver {
  @Query(() => FlashSaleType, { nullable: true, description: 'A flash sale by its id.' })
  async flashSale(@Arg('id', () => ID) id: string, @Ctx() { loaders }: OrdersContext): Promise<SaleView | null> {
    return await loaders.sales.load(idOf('FlashSale')(id, 'id'))
  }

  @Mutation(() => FlashSalePayload, {
    description:
      'Opens a flash sale, its pieces taken out of the free stock. For hosts (own rooms), merchants, operators.',
  })
  openFlashSale(
    @Arg('input', () => OpenFlashSaleInput) input: OpenFlashSaleInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'host', 'merchant', 'operator')
      const price = money(input.price, 'price')
      const id = await openFlashSale(flow.shop, who, {
        room: input.roomId === null || input.roomId === undefined ? null : idOf('Room')(input.roomId, 'roomId'),
        variant: idOf('Variant')(input.variantId, 'variantId'),
        price: { ...price, amountMinor: whole(price.amountMinor, 'price.amountMinor', { least: 0 }) },
        quota: whole(input.quota, 'quota', { least: 1, most: MOST_PIECES }),
        perMember: whole(input.perMember, 'perMember', { least: 1, most: 999 }),
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt ?? null,
      })
      return { flashSale: await loaders.sales.load(id) }
    })
  }

  @Mutation(() => FlashSalePayload, {
    description: 'Ends a flash sale; what nobody holds is free again. For hosts (own rooms), merchants, operators.',
  })
  closeFlashSale(
    @Arg('input', () => CloseFlashSaleInput) input: CloseFlashSaleInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'host', 'merchant', 'operator')
      const id = await closeFlashSale(flow.shop, who, idOf('FlashSale')(input.flashSaleId, 'flashSaleId'))
      return { flashSale: await loaders.sales.load(id) }
    })
  }

  @Mutation(() => SetStockPayload, {
    description: 'Says how many may be sold from now on. For merchants and operators.',
  })
  setStock(@Arg('input', () => SetStockInput) input: SetStockInput, @Ctx() { who, flow }: OrdersContext) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const variant = idOf('Variant')(input.variantId, 'variantId')
      const available = whole(input.available, 'available', { least: 0, most: MOST_PIECES })
      await setStock(flow.shop, { variant, available, reason: reason(input.reason, 'reason') })
      return { variant: stub('Variant', variant) }
    })
  }
}
