import { Resolver, Root, Subscription } from 'type-graphql'
import { partnerWith } from '../../../../schema/identity.js'
import { bodyOf, type Letter } from '../letter.js'
import type { Asking } from './asking.js'
import { PartnerEventType } from './event-types.js'

/** What partners are told by letters, for those who rather keep a line open. */
@Resolver()
export class EventResolver {
  @Subscription(() => PartnerEventType, {
    description:
      'What happens to your orders, their parcels and returns, and to price, offers, stock and shelf, as it happens; of the latter the newest where it waits. Begins now: read the catalogue on once it stands. It ends with a gap for who reads too slowly. For partners.',
    // TypeGraphQL does not know its context.
    subscribe: ({ context }) => watched(context as Asking),
  })
  partnerEvents(@Root() letter: Letter): PartnerEventType {
    return eventValue(letter)
  }
}

function watched({ who, flow }: Asking): AsyncIterable<Letter> {
  return flow.feed.watch(partnerWith(who, 'events'))
}

function eventValue(letter: Letter): PartnerEventType {
  const { id, kind, at, facts } = letter
  const stub = (type: string, key: string) =>
    typeof facts[key] === 'string' ? { __typename: type, id: facts[key] } : null
  return {
    ...{ id, kind, at: new Date(at), version: Number(facts['version']) },
    ...{
      order: stub('Order', 'orderId'),
      variant: stub('Variant', 'variantId'),
      product: stub('Product', 'productId'),
    },
    partnerOrderId: typeof facts['partnerOrderId'] === 'string' ? facts['partnerOrderId'] : null,
    body: bodyOf(letter),
  }
}
