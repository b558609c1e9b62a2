import { fields } from '../../platform/decode.js'
import { aSubsidy, idIn, SOME_COUPONS, type Person, type Scene } from '../support/scene.js'
import { POOL_CASES } from './oracle-pool-cases.js'
import {
  CAMPAIGN,
  basket,
  product,
  partnerOrder,
  ofSide,
  reserved,
  paid,
  scheduledRoom,
  liveRoom,
  shelved,
  draw,
  flashSale,
  soldOutSale,
  drafted,
  opened,
  enrolled,
} from './oracle-things.js'

/** Whom a mutation is done by: each gateway does it on things of its own, made alike. */
export type Side = 'ours' | 'apollo' | 'refused'

/** Who asks a committed operation, and with what. */
export interface Case {
  readonly who: Person | null
  readonly variables: (scene: Scene, side: Side) => object | Promise<object>
}

/** Every query and mutation of `schema/operations/` by its name. A new one gets its variables here. */
export const CASES: Readonly<Record<string, Case>> = {
  // browse.graphql
  Browse: { who: null, variables: () => ({ first: 5 }) },
  LiveRooms: { who: null, variables: () => ({}) },
  RoomsWithShelves: { who: null, variables: () => ({}) },
  Search: { who: null, variables: () => ({ first: 5, sort: 'PRICE_ASC', filter: { selfOperated: true } }) },
  ...POOL_CASES,
  // product-page.graphql
  ProductPage: { who: null, variables: ({ product: id }) => ({ id }) },
  ProductByHandle: { who: null, variables: ({ seller, handle }) => ({ seller, handle }) },
  Opened: { who: null, variables: ({ room: id }) => ({ id }) },
  // buy.graphql
  Quoted: { who: 'shopper', variables: (scene) => ({ input: { lines: basket(scene) } }) },
  OrderPage: { who: 'shopper', variables: ({ order: id }) => ({ id }) },
  MyOrders: { who: 'shopper', variables: () => ({}) },
  PlaceOrder: {
    who: 'shopper',
    variables: (scene, side) => ({ input: { idempotencyKey: side, lines: basket(scene) } }),
  },
  PayOrder: {
    who: 'shopper',
    variables: async (scene, side) => ({
      input: { idempotencyKey: `pay-${side}`, orderId: await reserved(scene, `to-pay-${side}`), method: 'card' },
    }),
  },
  CancelOrder: {
    who: 'shopper',
    variables: async (scene, side) => ({ input: { orderId: await reserved(scene, `to-cancel-${side}`) } }),
  },
  ConfirmReceipt: {
    who: 'shopper',
    async variables(scene, side) {
      const orderId = await paid(scene, `to-confirm-${side}`)
      await scene.deed('operator', 'shipOrder', { orderId, carrier: 'SF', waybill: 'SF1' })
      return { input: { orderId } }
    },
  },
  RefundOrder: {
    who: 'shopper',
    variables: async (scene, side) => ({
      input: { idempotencyKey: `back-${side}`, orderId: await paid(scene, `to-refund-${side}`), reason: 'too small' },
    }),
  },
  // me.graphql
  Me: { who: 'star', variables: () => ({}) },
  AddAddress: {
    who: 'shopper',
    variables: () => ({ input: { regionCode: '310000', line: '1 Road', receiver: 'Li', phone: '13800000000' } }),
  },
  // keep-shop.graphql
  ImportProducts: {
    who: 'operator',
    variables: ({ seller }, side) => ({
      input: { seller, currency: 'CNY', products: [product(`oracle-${side}`), { ...product('wrong'), variants: [] }] },
    }),
  },
  EnsureMembers: { who: 'operator', variables: () => ({ input: { members: [{ id: 'Member:new', nickname: '新' }] } }) },
  SetStock: {
    who: 'operator',
    variables: ({ variants }) => ({ input: { variantId: variants[5], available: 40, reason: 'counted' } }),
  },
  Warehouses: { who: 'operator', variables: () => ({}) },
  SaveWarehouse: {
    who: 'operator',
    variables: (_, side) => ({ input: { name: `east-${side}`, region: '310000', serves: ['31', '3205'] } }),
  },
  ShipOrder: {
    who: 'operator',
    variables: async (scene, side) => ({
      input: { orderId: await paid(scene, `to-ship-${side}`), carrier: 'SF', waybill: 'SF2' },
    }),
  },
  ListOnKuaishou: { who: 'operator', variables: (scene, side) => ({ input: { variantIds: [ofSide(scene, side)] } }) },
  UnlistFromKuaishou: {
    who: 'operator',
    variables: (scene, side) => ({ input: { variantIds: [ofSide(scene, side)] } }),
  },
  KuaishouListings: { who: 'operator', variables: () => ({}) },
  KuaishouBooks: { who: 'operator', variables: () => ({ day: '2026-11-11' }) },
  // partner.graphql
  PartnerQuoted: {
    who: 'partner',
    variables: ({ variant }) => ({ input: { lines: [{ variantId: variant, quantity: 1 }] } }),
  },
  PartnerOrder: { who: 'partner', variables: ({ partnerOrder }) => ({ partnerOrderId: partnerOrder }) },
  PartnerPlaceOrder: {
    who: 'partner',
    variables: ({ variant }, side) => ({ input: partnerOrder(variant, `placed-${side}`) }),
  },
  PartnerConfirm: {
    who: 'partner',
    async variables({ deed, variant }, side) {
      const bought = await deed(
        'partner',
        'partnerPlaceOrder',
        partnerOrder(variant, `kept-${side}`),
        'order { total { amountMinor } }',
      )
      const paidMinor = fields(fields(bought['order'], 'order')['total'], 'total')['amountMinor']
      return { input: { partnerOrderId: `kept-${side}`, paidMinor, paidAt: '2026-01-01T00:00:00.000Z' } }
    },
  },
  PartnerCancel: {
    who: 'partner',
    async variables({ deed, variant }, side) {
      await deed('partner', 'partnerPlaceOrder', partnerOrder(variant, `given-up-${side}`))
      return { input: { partnerOrderId: `given-up-${side}`, reason: 'not paid' } }
    },
  },
  // price.graphql
  QuotedWithCoupons: {
    who: 'star',
    variables: (scene) => ({ input: { lines: basket(scene), couponIds: [scene.coupon] } }),
  },
  MyCoupons: { who: 'star', variables: () => ({}) },
  OpenPriceOffer: { who: 'operator', variables: ({ variants }) => ({ input: aSubsidy(variants) }) },
  ClosePriceOffer: {
    who: 'operator',
    async variables({ deed, variants }) {
      const opened = await deed('operator', 'openPriceOffer', aSubsidy(variants), 'priceOffer { id }')
      return { input: { priceOfferId: idIn(opened, 'priceOffer') } }
    },
  },
  SetFloorPrice: {
    who: 'operator',
    variables: ({ variants }) => ({
      input: { variantId: variants.at(-1), floor: { amountMinor: 100, currency: 'CNY' } },
    }),
  },
  IssueCoupons: { who: 'operator', variables: () => ({ input: SOME_COUPONS }) },
  ClaimCoupon: {
    who: 'shopper',
    variables: ({ couponIssue }, side) => ({ input: { idempotencyKey: side, couponIssueId: couponIssue } }),
  },
  // room-page.graphql
  RoomPage: { who: null, variables: ({ room: id }) => ({ id }) },
  Replay: { who: null, variables: ({ room: id }) => ({ id }) },
  PostComment: {
    who: 'shopper',
    variables: async (scene) => ({ input: { roomId: await liveRoom(scene), text: '好看' } }),
  },
  LikeRoom: { who: 'shopper', variables: async (scene) => ({ input: { roomId: await liveRoom(scene), count: 3 } }) },
  WatchRoom: { who: 'shopper', variables: async (scene) => ({ input: { roomId: await liveRoom(scene) } }) },
  JoinDraw: { who: 'shopper', variables: async (scene) => ({ input: { drawId: await draw(scene) } }) },
  // run-room.graphql
  ScheduleRoom: { who: 'host', variables: () => ({ input: { title: '晚上见', kind: 'STORE' } }) },
  GoLive: { who: 'host', variables: async (scene) => ({ input: { roomId: await scheduledRoom(scene) } }) },
  EndRoom: { who: 'host', variables: async (scene) => ({ input: { roomId: await liveRoom(scene) } }) },
  PutOnShelf: {
    who: 'host',
    variables: async (scene) => ({
      input: { roomId: await liveRoom(scene), productId: scene.product, variantId: scene.variant },
    }),
  },
  TakeOffShelf: { who: 'host', variables: shelved },
  SetTalkingPoint: { who: 'host', variables: shelved },
  SetRoomPrice: {
    who: 'host',
    async variables(scene) {
      const { input } = await shelved(scene)
      return { input: { ...input, roomPrice: { amountMinor: 900, currency: 'CNY' } } }
    },
  },
  MuteMember: {
    who: 'host',
    variables: async (scene) => ({ input: { roomId: await liveRoom(scene), memberId: 'Member:shopper' } }),
  },
  OpenDraw: {
    who: 'host',
    variables: async (scene) => ({ input: { roomId: await liveRoom(scene), prize: '福袋', beacon: 'b' } }),
  },
  CloseDraw: {
    who: 'host',
    async variables(scene) {
      const drawId = await draw(scene)
      await scene.deed('star', 'joinDraw', { drawId })
      return { input: { drawId } }
    },
  },
  TakeQueueTicket: {
    who: 'shopper',
    async variables(scene) {
      const sale = { ...flashSale(scene, await liveRoom(scene)), admitPerSecond: 1 }
      return {
        input: {
          flashSaleId: idIn(await scene.deed('host', 'openFlashSale', sale, 'flashSale { id }'), 'flashSale'),
        },
      }
    },
  },
  WaitForFlashSale: {
    who: 'shopper',
    variables: async (scene) => ({ input: { flashSaleId: await soldOutSale(scene) } }),
  },
  StopWaiting: {
    who: 'shopper',
    async variables(scene) {
      const flashSaleId = await soldOutSale(scene)
      await scene.deed('shopper', 'waitForFlashSale', { flashSaleId })
      return { input: { flashSaleId } }
    },
  },
  OpenFlashSale: { who: 'host', variables: async (scene) => ({ input: flashSale(scene, await liveRoom(scene)) }) },
  CloseFlashSale: {
    who: 'host',
    async variables(scene) {
      const sale = flashSale(scene, await liveRoom(scene))
      return {
        input: {
          flashSaleId: idIn(await scene.deed('host', 'openFlashSale', sale, 'flashSale { id }'), 'flashSale'),
        },
      }
    },
  },
  // contest.graphql
  ContestPage: { who: 'star', variables: ({ campaign: id }) => ({ id }) },
  MyLinks: { who: 'star', variables: ({ campaign: id }) => ({ id }) },
  DraftCampaign: { who: 'manager', variables: () => ({ input: CAMPAIGN }) },
  OpenCampaign: { who: 'manager', variables: async (scene) => ({ input: { campaignId: await drafted(scene) } }) },
  CloseCampaign: { who: 'manager', variables: async (scene) => ({ input: { campaignId: await enrolled(scene) } }) },
  Enrol: { who: 'star', variables: async (scene) => ({ input: { campaignId: await opened(scene) } }) },
  TakeLink: {
    who: 'star',
    variables: async (scene) => ({ input: { campaignId: await enrolled(scene), productId: scene.product } }),
  },
  PostLink: {
    who: 'star',
    async variables(scene, side) {
      const input = { campaignId: await enrolled(scene), productId: scene.product }
      const linkId = idIn(await scene.deed('star', 'takeLink', input, 'link { id }'), 'link')
      return { input: { linkId, text: `Have a look, ${side}` } }
    },
  },
}
