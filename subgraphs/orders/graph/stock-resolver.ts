import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { list, maybe, misread, text, whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { payload } from '../../host/graph/payload.js'
import { needSellerOf } from '../flow/open-offers.js'
import { saveWarehouse, warehousesFor } from '../flow/save-warehouse.js'
import { setStock } from '../flow/set-stock.js'
import { reason } from './order-mutations.js'
import type { OrdersContext } from './orders-context.js'
import { StockType } from './price-types.js'
import { MOST_PIECES } from './sale-resolver.js'
import { SaveWarehouseInput, SetStockInput } from './stock-inputs.js'
import { SaveWarehousePayload, SetStockPayload, ShelfType, WarehouseType } from './stock-types.js'
import { stub } from './stubs.js'
import type { StockView } from './views.js'

const MOST_REGIONS = 500

/** Warehouses, and counts of what lies in them. */
@Resolver(() => StockType)
export class StockResolver {
  @FieldResolver(() => [ShelfType], {
    nullable: true,
    description: 'What of it lies where. For merchants and operators.',
  })
  shelves(@Root() stock: StockView, @Ctx() { who }: OrdersContext) {
    needRole(who, 'merchant', 'operator')
    return stock.shelves
  }

  @Query(() => [WarehouseType], {
    nullable: true,
    description: "Warehouses by name, at most 500: a merchant's own and everybody's, for operators all.",
  })
  warehouses(@Ctx() { who, flow }: OrdersContext) {
    needRole(who, 'merchant', 'operator')
    return warehousesFor(flow.shop, who)
  }

  @Mutation(() => SaveWarehousePayload, {
    description:
      'Makes a warehouse, or says anew where one stands and which regions it serves. For merchants and operators.',
  })
  saveWarehouse(
    @Arg('input', () => SaveWarehouseInput) input: SaveWarehouseInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const asked = {
        seller: maybe(input.seller, 'seller', (value, place) => text(value, place, { most: 60 })),
        name: text(input.name.trim(), 'name', { most: 60 }),
        region: maybe(input.region, 'region', region),
        serves: [...new Set(list(input.serves, 'serves', region, { most: MOST_REGIONS }))].sort(),
      }
      return { warehouse: await saveWarehouse(flow.shop, who, asked) }
    })
  }

  @Mutation(() => SetStockPayload, {
    description: 'Says how many may be sold from a warehouse from now on. For merchants and operators.',
  })
  setStock(@Arg('input', () => SetStockInput) input: SetStockInput, @Ctx() { who, flow }: OrdersContext) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const variant = idOf('Variant')(input.variantId, 'variantId')
      const warehouse = maybe(input.warehouseId, 'warehouseId', idOf('Warehouse'))
      const available = whole(input.available, 'available', { least: 0, most: MOST_PIECES })
      await needSellerOf(flow.shop.db, who, variant)
      await setStock(flow.shop, {
        ...{ variant, available, reason: reason(input.reason, 'reason') },
        ...(warehouse === null ? {} : { warehouse }),
      })
      return { variant: stub('Variant', variant) }
    })
  }
}

function region(value: unknown, place: string): string {
  const code = text(value, place, { most: 6 })
  if (!/^(\d\d){1,3}$/.test(code)) throw misread(place, 'a region of 2, 4 or 6 digits', code)
  return code
}
