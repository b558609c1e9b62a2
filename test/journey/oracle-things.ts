import { read } from '../../scripts/client/deed.js'
import { idIn, type Scene } from '../support/scene.js'
import { until } from '../support/until.js'
import type { Side } from './oracle-cases.js'

/** What a contest is drafted with. */
export const CAMPAIGN = {
  title: 'Who is next',
  closesAt: '2099-01-01T00:00:00.000Z',
  prizes: [{ rank: 1, plusYears: 1, eCard: { amountMinor: 100, currency: 'CNY' } }],
}

/** Two lines, one of them from the room. */
export function basket({ variant: variantId, variants, room: roomId }: Scene): readonly object[] {
  return [
    { variantId, quantity: 1, roomId },
    { variantId: variants[1], quantity: 2 },
  ]
}

/** A product for the feed. */
export function product(handle: string): object {
  return { handle, title: 'Oracle', variants: [{ optionValues: [], priceMinor: 100, quantity: 3 }] }
}

/** An order as a partner sends it. */
export function partnerOrder(variantId: string, partnerOrderId: string): object {
  return { idempotencyKey: partnerOrderId, partnerOrderId, lines: [{ variantId, quantity: 1 }] }
}

/** A variant that each side has for itself. */
export function ofSide({ variants }: Scene, side: Side): string | undefined {
  return side === 'ours' ? variants[2] : variants[3]
}

/** An order that is placed and not paid. */
export async function reserved({ deed, variants }: Scene, idempotencyKey: string): Promise<string> {
  const lines = [{ variantId: variants[1], quantity: 1 }]
  return idIn(await deed('shopper', 'placeOrder', { idempotencyKey, lines }, 'order { id }'), 'order')
}

/** An order that is paid. */
export async function paid(scene: Scene, key: string): Promise<string> {
  const orderId = await reserved(scene, key)
  await scene.deed('shopper', 'payOrder', { idempotencyKey: `pay-${key}`, orderId, method: 'card' })
  const query = 'query ($id: ID!) { order(id: $id) { state } }'
  const state = async (): Promise<unknown> => (await read(scene.voice('shopper'), query, { id: orderId }))['state']
  await until(async () => (await state()) === 'PAID', 'the payment')
  return orderId
}

/** A room that is to be. */
export async function scheduledRoom({ deed }: Scene): Promise<string> {
  return idIn(await deed('host', 'scheduleRoom', { title: '一间' }, 'room { id }'), 'room')
}

/** A room that is live. */
export async function liveRoom(scene: Scene): Promise<string> {
  const roomId = await scheduledRoom(scene)
  await scene.deed('host', 'goLive', { roomId })
  return roomId
}

/** Goods on the shelf of a room that is live. */
export async function shelved(scene: Scene): Promise<{ input: object }> {
  const roomId = await liveRoom(scene)
  await scene.deed('host', 'putOnShelf', { roomId, productId: scene.product, variantId: scene.variant })
  return { input: { roomId, variantId: scene.variant } }
}

/** A draw that is open. */
export async function draw(scene: Scene): Promise<string> {
  const input = { roomId: await liveRoom(scene), prize: '福袋', beacon: 'b' }
  return idIn(await scene.deed('host', 'openDraw', input, 'draw { id }'), 'draw')
}

/** What a flash sale is opened with. */
export function flashSale({ variants }: Scene, roomId: string): object {
  return { roomId, variantId: variants[4], price: { amountMinor: 1, currency: 'CNY' }, quota: 1, perMember: 1 }
}

/** A sale whose only piece is bought. */
export async function soldOutSale(scene: Scene): Promise<string> {
  const [roomId, variantId] = [await liveRoom(scene), scene.variants[4]]
  const opened = await scene.deed('host', 'openFlashSale', flashSale(scene, roomId), 'flashSale { id }')
  const flashSaleId = idIn(opened, 'flashSale')
  const lines = [{ variantId, quantity: 1, roomId, flashSaleId }]
  await scene.deed('star', 'placeOrder', { idempotencyKey: flashSaleId, lines })
  return flashSaleId
}

/** A contest that nobody sees yet. */
export async function drafted({ deed }: Scene): Promise<string> {
  return idIn(await deed('manager', 'draftCampaign', CAMPAIGN, 'campaign { id }'), 'campaign')
}

/** A contest that is open. */
export async function opened(scene: Scene): Promise<string> {
  const campaignId = await drafted(scene)
  await scene.deed('manager', 'openCampaign', { campaignId })
  return campaignId
}

/** A contest in which the star takes part. */
export async function enrolled(scene: Scene): Promise<string> {
  const campaignId = await opened(scene)
  await scene.deed('star', 'enrol', { campaignId })
  return campaignId
}
