import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import type { Secrets } from '../../platform/secret.js'
import { toldAddresses } from '../../schema/address.js'
import { CATALOG } from '../../schema/events/catalog.js'
import { MEMBERS } from '../../schema/events/members.js'
import { buildFederatedSubgraph } from '../host/graph/federated-schema.js'
import type { Ground, RunningSubgraph, Subgraph } from '../host/subgraph.js'
import { readOrdersConfig, type OrdersConfig } from './config.js'
import { startAgreeing } from './flow/agree-days.js'
import { openCounter } from './flow/counter.js'
import { hearCatalog, hearMembers, hearRooms } from './flow/hear.js'
import { paymentDoor } from './flow/payment-door.js'
import { openQueueDesk } from './flow/queue-desk.js'
import { openWaitingList } from './flow/waiting-list.js'
import { addressesWith } from './flow/seal-address.js'
import { SaleBoard } from './flow/sale-board.js'
import { hearingNotes } from './flow/sale-notes.js'
import { startRounds } from './flow/rounds.js'
import type { Shop } from './flow/shop.js'
import { QueueWatch } from './flow/watch-queues.js'
import { loaders } from './graph/loaders.js'
import { AfterSaleResolver } from './graph/after-sale-resolver.js'
import { AddressResolver } from './graph/address-resolver.js'
import { CouponResolver, visibleCoupon } from './graph/coupon-resolver.js'
import { LaunchResolver } from './graph/launch-resolver.js'
import {
  DepositResolver,
  OrderDepositResolver,
  PreSaleResolver,
  QuoteDepositResolver,
} from './graph/pre-sale-resolver.js'
import { OfferResolver } from './graph/offer-resolver.js'
import { OrderMutations } from './graph/order-mutations.js'
import { OrderResolver, visibleLine, visibleOrder } from './graph/order-resolver.js'
import { OrderLineType } from './graph/order-types.js'
import type { OrdersContext } from './graph/orders-context.js'
import { PartMutations } from './graph/part-mutations.js'
import { PartnerDayResolver } from './graph/partner-day-resolver.js'
import { PartnerReportResolver } from './graph/partner-report-resolver.js'
import { PartnerAfterSaleResolver } from './graph/partner-after-sale-resolver.js'
import { PartnerResolver } from './graph/partner-resolver.js'
import { QueueResolver } from './graph/queue-resolver.js'
import { WaitingResolver } from './graph/waiting-resolver.js'
import { SaleResolver } from './graph/sale-resolver.js'
import { SaleViewers } from './graph/sale-viewers.js'
import { HostDealResolver } from './graph/host-deal-resolver.js'
import { SubsidyResolver } from './graph/subsidy-resolver.js'
import { StockResolver } from './graph/stock-resolver.js'
import { SettlementResolver } from './graph/settlement-resolver.js'
import { PriceResolver, VariantResolver } from './graph/variant-resolver.js'
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
      resolvers: [
        VariantResolver,
        PriceResolver,
        OfferResolver,
        LaunchResolver,
        PreSaleResolver,
        OrderDepositResolver,
        QuoteDepositResolver,
        DepositResolver,
        CouponResolver,
        OrderResolver,
        AddressResolver,
        OrderMutations,
        PartMutations,
        AfterSaleResolver,
        PartnerAfterSaleResolver,
        SaleResolver,
        StockResolver,
        SaleViewers,
        QueueResolver,
        WaitingResolver,
        PartnerResolver,
        PartnerDayResolver,
        PartnerReportResolver,
        SettlementResolver,
        SubsidyResolver,
        HostDealResolver,
      ],
      references: {
        Variant: ({ id }) => ({ __typename: 'Variant', id }),
        Order: ({ id }, context: OrdersContext) => visibleOrder(context, id),
        OrderLine: ({ id }, context: OrdersContext) => visibleLine(context, id),
        PriceOffer: ({ id }, context: OrdersContext) => context.loaders.offers.load(id),
        CouponIssue: ({ id }, context: OrdersContext) => context.loaders.couponIssues.load(id),
        Coupon: ({ id }, context: OrdersContext) => visibleCoupon(context, id),
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
  const board = new SaleBoard(ground, (flashSale) => queues.turned(flashSale))
  const boardHears = board.listen()
  const shop: Shop = {
    ...ground,
    db: hearingNotes(ground.db, (notes) => board.learn(notes)),
    provider: options.provider ?? httpProvider(config.payment, ground.clock),
    databaseClock: options.databaseClock ?? databaseClock,
    terms: config.terms,
    lane: config.lane ?? ground.chance.bytes(1)[0] ?? 0,
    wakeRelay: () => relay.wake(),
  }
  const counter = openCounter(shop, config.counter, board)
  const desk = openQueueDesk(shop, config.desk)
  const queues = new QueueWatch(shop, config.queueLookMs)
  const waiting = openWaitingList(shop, config.waiting)
  const addresses = addressesWith(options.secrets.key('address'), ground.chance)
  const told = toldAddresses(options.secrets, ground.chance)
  const hears = { ...ground, schema: 'orders', consumer: 'copies' }
  const deaf = [
    consume({ ...hears, topic: CATALOG, apply: (tx, events) => hearCatalog(tx, shop, events) }),
    consume({ ...hears, topic: 'rooms', apply: (tx, events) => hearRooms(tx, events) }),
    consume({ ...hears, topic: MEMBERS, apply: (tx, events) => hearMembers(tx, shop, events) }),
  ]
  const rounds = startRounds(shop, config.roundMs)
  const agreeing = startAgreeing(shop)
  return {
    context: (who): OrdersContext => ({
      who,
      loaders: loaders(shop),
      flow: {
        ...{ shop, counter, desk, queues, waiting, agreeing },
        ...{ secrets: options.secrets, addresses, toldAddresses: told },
      },
    }),
    doors: [paymentDoor(shop)],
    async stop() {
      await rounds.stop()
      await agreeing.stop()
      queues.stop()
      await counter.drain()
      await desk.drain()
      await waiting.drain()
      await Promise.all([...deaf.map((close) => close()), boardHears.then((close) => close())])
      await relay.stop()
    },
  }
}
