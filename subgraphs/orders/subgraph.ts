import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import type { Secrets } from '../../platform/secret.js'
import { CATALOG } from '../../schema/events/catalog.js'
import { buildFederatedSubgraph } from '../host/graph/federated-schema.js'
import type { Ground, RunningSubgraph, Subgraph } from '../host/subgraph.js'
import { readOrdersConfig, type OrdersConfig } from './config.js'
import { openCounter } from './flow/counter.js'
import { hearCatalog, hearRooms } from './flow/hear.js'
import { paymentDoor } from './flow/payment-door.js'
import { startRounds } from './flow/rounds.js'
import type { Shop } from './flow/shop.js'
import { loaders } from './graph/loaders.js'
import { OrderMutations } from './graph/order-mutations.js'
import { OrderResolver, visibleLine, visibleOrder } from './graph/order-resolver.js'
import { OrderLineType } from './graph/order-types.js'
import type { OrdersContext } from './graph/orders-context.js'
import { PartnerResolver } from './graph/partner-resolver.js'
import { SaleResolver } from './graph/sale-resolver.js'
import { VariantResolver } from './graph/variant-resolver.js'
import { httpProvider } from './payment/http-provider.js'
import type { PaymentProvider } from './payment/provider.js'
import { databaseClock, type DatabaseClock } from './store/database-clock.js'
import { migrations } from './store/migrations.js'

/** What a starting file hands in. A test may bring its own payment provider, and the time by which reservations and sales end. */
export interface OrdersOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
  readonly provider?: PaymentProvider
  readonly databaseClock?: DatabaseClock
}

/** Whether, at what price and from which stock something is sold is decided here, in one transaction. */
export function orders(options: OrdersOptions): Subgraph {
  const config = readOrdersConfig(options.env)
  return {
    name: 'orders',
    migrations,
    schema: buildFederatedSubgraph({
      resolvers: [VariantResolver, OrderResolver, OrderMutations, SaleResolver, PartnerResolver],
      references: {
        Variant: ({ id }) => ({ __typename: 'Variant', id }),
        Order: ({ id }, context: OrdersContext) => visibleOrder(context, id),
        OrderLine: ({ id }, context: OrdersContext) => visibleLine(context, id),
        FlashSale: ({ id }, context: OrdersContext) => context.loaders.sales.load(id),
      },
      orphans: [OrderLineType],
    }),
    start: (ground) => Promise.resolve(startOrders({ ...options, config }, ground)),
  }
}

function startOrders(options: OrdersOptions & { readonly config: OrdersConfig }, ground: Ground): RunningSubgraph {
  const { config } = options
  const relay = startRelay({ ...ground, schema: 'orders' })
  const shop: Shop = {
    ...ground,
    provider: options.provider ?? httpProvider(config.payment, ground.clock),
    databaseClock: options.databaseClock ?? databaseClock,
    terms: config.terms,
    wakeRelay: () => relay.wake(),
  }
  const counter = openCounter(shop, config.counter)
  const hears = { ...ground, schema: 'orders', consumer: 'copies' }
  const deaf = [
    consume({ ...hears, topic: CATALOG, apply: (tx, events) => hearCatalog(tx, shop, events) }),
    consume({ ...hears, topic: 'rooms', apply: (tx, events) => hearRooms(tx, events) }),
  ]
  const rounds = startRounds(shop, config.roundMs)
  return {
    context: (who): OrdersContext => ({
      who,
      loaders: loaders(shop),
      flow: { shop, counter, secrets: options.secrets },
    }),
    doors: [paymentDoor(shop)],
    async stop() {
      await rounds.stop()
      await counter.drain()
      await Promise.all(deaf.map((close) => close()))
      await relay.stop()
    },
  }
}
