import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Address } from '../../../schema/address.js'
import type { OrderState } from '../../../schema/events/orders.js'
import { merchantIn, runsShop } from '../flow/find-order.js'
import { ShippingAddressType } from './address-types.js'
import { OrderType } from './order-types.js'
import type { OrdersContext } from './orders-context.js'
import type { OrderView } from './views.js'

/** An order that came to nothing or gave all back sends nothing, however its parcels stand. */
const SENDS: readonly OrderState[] = ['PAID', 'SHIPPED', 'COMPLETED']

/** Where a parcel goes, for whoever sends it and as long as it is on its way. */
@Resolver(() => OrderType)
export class AddressResolver {
  @FieldResolver(() => ShippingAddressType, {
    nullable: true,
    description:
      "Where an order is to be sent, as its buyer had it when he ordered, for its sellers' merchants and for operators, while a parcel of it waits or is under way; null for everybody else and at every other time.",
  })
  async shipTo(@Root() order: OrderView, @Ctx() context: OrdersContext): Promise<Address | null> {
    if (!SENDS.includes(order.state)) return null
    const by = await openedBy(context, order)
    if (by === null || !(await isOnItsWay(context, order))) return null
    const sealed = await context.loaders.addressesOf.load(order.id)
    if (sealed === null) return null
    const address = opened(context, order, sealed)
    context.flow.shop.observer.count('orders.addresses.opened', { by })
    return address
  }
}

/** Of a member's order it is what members told, of a partner's what the partner did. */
function opened({ flow }: OrdersContext, { owner, partnerOrder, addressId }: OrderView, sealed: Uint8Array): Address {
  const { member, partner } = owner
  if (member !== null) return flow.toldAddresses.open(sealed, { member, address: addressId ?? '' })
  return flow.addresses.open(sealed, { partner: partner ?? '', partnerOrder: partnerOrder ?? '' })
}

async function openedBy({ who, loaders }: OrdersContext, { id }: OrderView): Promise<'operator' | 'merchant' | null> {
  if (runsShop(who)) return 'operator'
  const merchant = merchantIn(who)
  return merchant !== null && (await loaders.actedFor.load({ merchant, order: id })) ? 'merchant' : null
}

async function isOnItsWay({ loaders }: OrdersContext, { id }: OrderView): Promise<boolean> {
  const parcels = (await loaders.parcelsOf.load(id)) ?? []
  return parcels.some(({ state }) => state === 'WAITING' || state === 'SHIPPED')
}
