import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { maybe, whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload } from '../../host/graph/payload.js'
import { MOST_BUCKETS } from '../domain/buckets.js'
import { closeFlashSale, openFlashSale } from '../flow/flash-sales.js'
import { CloseFlashSaleInput, OpenFlashSaleInput } from './order-inputs.js'
import type { OrdersContext } from './orders-context.js'
import { FlashSalePayload, FlashSaleType } from './sale-types.js'
import type { SaleView } from './views.js'

/** The most pieces of a sale, or on a shelf. */
export const MOST_PIECES = 10_000_000
const inBuckets = (value: unknown, place: string): number => whole(value, place, { least: 1, most: MOST_BUCKETS })
const perSecond = (value: unknown, place: string): number => whole(value, place, { least: 1, most: 100_000 })

/** Flash sales. */
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
        idempotencyKey: readMaybeKey(input),
        room: input.roomId === null || input.roomId === undefined ? null : idOf('Room')(input.roomId, 'roomId'),
        variant: idOf('Variant')(input.variantId, 'variantId'),
        warehouse: maybe(input.warehouseId, 'warehouseId', idOf('Warehouse')),
        price: { ...price, amountMinor: whole(price.amountMinor, 'price.amountMinor', { least: 0 }) },
        quota: whole(input.quota, 'quota', { least: 1, most: MOST_PIECES }),
        perMember: whole(input.perMember, 'perMember', { least: 1, most: 999 }),
        buckets: maybe(input.buckets, 'buckets', inBuckets),
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt ?? null,
        admitPerSecond: maybe(input.admitPerSecond, 'admitPerSecond', perSecond),
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
}
