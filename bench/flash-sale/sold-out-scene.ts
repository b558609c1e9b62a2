import { fields, list, text, type Fields } from '../../platform/decode.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { act } from '../../scripts/client/deed.js'
import type { Shop } from '../../scripts/start/shop.js'
import type { Ask } from '../../schema/ask.js'
import { until } from '../../test/support/until.js'
import { watchSales, type SaleViewer } from './sold-out-viewer.js'

/** A live room with viewers, in which sales of one piece are opened and bought. */
export interface SoldOutScene {
  /** A sale that all viewers see open. */
  open(): Promise<OpenSale>
  buy(sale: string): Promise<void>
  close(): Promise<void>
}

/** A sale and who watches it: in the room, and by its own subscription. */
export interface OpenSale {
  readonly sale: string
  readonly ofRoom: readonly SaleViewer[]
  readonly ofSale: readonly SaleViewer[]
  /** Those who watched this sale alone go. */
  leave(): Promise<void>
}

const ROOM_QUERY =
  'subscription ($id: ID!) { liveEvents(roomId: $id) { ... on FlashSaleMoved { saleState flashSale { id } } } }'
const SALE_QUERY = 'subscription ($id: ID!) { queuePosition(flashSaleId: $id) { id state leftForMe } }'
const PLACE = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { errors { code message } } }'

/** goods -> a live room with them on its shelf -> viewers of the room. */
export async function openSoldOutScene(shop: Shop, viewers: number): Promise<SoldOutScene> {
  const keeper = await voiceOf(shop, 'keeper', 'member', 'host', 'operator', 'merchant')
  const { product, variant } = await importedGoods(keeper)
  const scheduled = await deed(keeper, 'scheduleRoom', { title: 'Hot' }, 'room { id }')
  const room = text(fields(scheduled['room'], 'room')['id'], 'room.id')
  await deed(keeper, 'goLive', { roomId: room }, '', 'RoomInput')
  await insisted(() => deed(keeper, 'putOnShelf', { roomId: room, productId: product, variantId: variant }, ''))
  const terms = {
    variantId: variant,
    roomId: room,
    price: { amountMinor: 100, currency: 'CNY' },
    quota: 1,
    perMember: 1,
  }
  const opened = () => deed(keeper, 'openFlashSale', terms, 'flashSale { id }')
  await insisted(opened) // its stock may still be on its way
  const watchers = (query: string, id: string, stateOf: (event: Fields) => readonly [unknown, unknown] | null) =>
    Promise.all(Array.from({ length: viewers }, (_, at) => watcher(shop, `viewer${at}`, { query, id, stateOf })))
  const ofRoom = await watchers(ROOM_QUERY, room, roomState)
  let sales = 0
  return {
    async open() {
      const sale = text(fields((await opened())['flashSale'], 'flashSale')['id'], 'flashSale.id')
      const ofSale = await watchers(SALE_QUERY, sale, ({ id, state }) => [id, state])
      await until(() => [...ofRoom, ...ofSale].every((viewer) => viewer.told(sale, 'OPEN') !== undefined), 'it open')
      return { sale, ofRoom, ofSale, leave: () => leaveAll(ofSale) }
    },
    async buy(sale) {
      const buyer = await voiceOf(shop, `buyer${++sales}`, 'member')
      const lines = [{ variantId: variant, quantity: 1, flashSaleId: sale, roomId: room }]
      await act(buyer, PLACE, { input: { idempotencyKey: sale, lines } })
    },
    close: () => leaveAll(ofRoom),
  }
}

function roomState(event: Fields): readonly [unknown, unknown] | null {
  return 'saleState' in event ? [fields(event['flashSale'], 'flashSale')['id'], event['saleState']] : null
}

async function leaveAll(viewers: readonly SaleViewer[]): Promise<void> {
  await Promise.all(viewers.map((viewer) => viewer.leave()))
}

interface Watched {
  readonly query: string
  readonly id: string
  readonly stateOf: (event: Fields) => readonly [unknown, unknown] | null
}

async function watcher(shop: Shop, name: string, { query, id, stateOf }: Watched): Promise<SaleViewer> {
  const token = await shop.token({ sub: `Member:${name}`, roles: ['member'] })
  return watchSales({
    socketUrl: `${shop.url.replace('http', 'ws')}/graphql`,
    token,
    query,
    variables: { id },
    stateOf,
  })
}

type Role = Parameters<Shop['token']>[0]['roles'][number]

async function voiceOf(shop: Shop, name: string, ...roles: readonly Role[]): Promise<Ask> {
  return askShop({ url: `${shop.url}/graphql`, token: await shop.token({ sub: `Member:${name}`, roles }) })
}

function deed(ask: Ask, name: string, input: object, gives: string, type = inputOf(name)): Promise<Fields> {
  return act(ask, `mutation ($input: ${type}!) { ${name}(input: $input) { ${gives} errors { code message } } }`, {
    input,
  })
}

function inputOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
}

async function importedGoods(keeper: Ask): Promise<{ readonly product: string; readonly variant: string }> {
  const variants = [{ optionValues: [], priceMinor: 900, quantity: 100_000 }]
  const products = [{ handle: 'hot', title: 'Hot', variants }]
  const input = { seller: 'daihuo', currency: 'CNY', products }
  const { results } = await deed(keeper, 'importProducts', input, 'results { product { id variants { id } } }')
  const product = fields(list(results, 'results', fields)[0]?.['product'], 'product')
  const variant = list(product['variants'], 'variants', fields)[0]?.['id']
  return { product: text(product['id'], 'product.id'), variant: text(variant, 'variant.id') }
}

/** What other parts have not heard of yet is refused until they have. */
async function insisted(ask: () => Promise<unknown>): Promise<void> {
  await until(() =>
    ask().then(
      () => true,
      () => false,
    ),
  )
}
