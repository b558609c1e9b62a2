import { fields, text } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import { repeat, type Cancel, type Clock } from '../../platform/time/clock.js'
import { act, nodesOf, read } from '../client/deed.js'
import type { Cast, Player } from './cast.js'
import { DOCUMENTS } from './documents.js'
import { COMMENTS } from './lines.js'
import type { Goods, Stage } from './set-up.js'

/** What the people of the demo play with. */
export interface Play {
  readonly cast: Cast
  readonly stage: Stage
  readonly goods: readonly Goods[]
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** How often each thing is done, in milliseconds. */
const EVERY = {
  comment: 1_700,
  like: 2_300,
  watch: 20_000,
  buy: 9_000,
  talk: 30_000,
  click: 15_000,
  ship: 12_000,
  sale: 120_000,
  draw: 180_000,
}
const DRAW_OPEN_MS = 30_000

/** Gently, until it is cancelled: comments, likes, orders, a talking point that moves on, a flash sale and a draw now and then. */
export function startPeople(play: Play): Cancel {
  const acts: readonly (readonly [number, () => Promise<unknown>])[] = [
    [EVERY.comment, () => comment(play)],
    [EVERY.like, () => like(play)],
    [EVERY.watch, () => watch(play)],
    [EVERY.buy, () => buy(play, null)],
    [EVERY.talk, () => talk(play)],
    [EVERY.click, () => followLink(play)],
    [EVERY.ship, () => ship(play)],
    [EVERY.sale, () => flashSale(play)],
    [EVERY.draw, () => draw(play)],
  ]
  const cancels = acts.map(([ms, deed]) => repeat(play.clock, ms, () => tried(play, deed)))
  void tried(play, () => watch(play))
  return () => cancels.forEach((cancel) => cancel())
}

/** A refusal is part of the play (sold out, say); it is counted and told in the log, and the play goes on. */
async function tried({ observer }: Play, deed: () => Promise<unknown>): Promise<void> {
  await deed().catch((error: unknown) => {
    observer.count('demo.refused')
    observer.log('debug', 'the demo was refused', { reason: error instanceof Error ? error.message : String(error) })
  })
}

async function comment(play: Play): Promise<void> {
  await act(someone(play).ask, DOCUMENTS.postComment, { input: { roomId: play.stage.room, text: one(play, COMMENTS) } })
}

async function like(play: Play): Promise<void> {
  await act(someone(play).ask, DOCUMENTS.likeRoom, {
    input: { roomId: play.stage.room, count: 1 + Math.floor(play.chance.fraction() * 9) },
  })
}

async function watch({ cast, stage }: Play): Promise<void> {
  await Promise.all(
    cast.viewers.map((viewer) => act(viewer.ask, DOCUMENTS.watchRoom, { input: { roomId: stage.room } })),
  )
}

async function buy(play: Play, clickId: string | null): Promise<void> {
  const buyer = someone(play)
  const line = {
    variantId: one(play, play.goods).variant,
    quantity: 1,
    roomId: play.stage.room,
    outlet: 'app',
    clickId,
  }
  const placed = await act(buyer.ask, DOCUMENTS.placeOrder, {
    input: { idempotencyKey: play.chance.uuid(), lines: [line] },
  })
  const orderId = text(fields(placed['order'], 'order')['id'], 'order.id')
  await act(buyer.ask, DOCUMENTS.payOrder, { input: { idempotencyKey: play.chance.uuid(), orderId, method: 'card' } })
}

async function talk(play: Play): Promise<void> {
  await act(play.cast.host.ask, DOCUMENTS.setTalkingPoint, {
    input: { roomId: play.stage.room, variantId: one(play, play.goods.slice(0, 8)).variant },
  })
}

/** Somebody follows an influencer's link as a browser would, and sometimes buys. */
async function followLink(play: Play): Promise<void> {
  const url = one(play, play.stage.links)
  const headers = { 'user-agent': `Mozilla/5.0 (demo ${Math.floor(play.chance.fraction() * 50)})` }
  const followed = await call({ url, method: 'GET', headers, timeoutMs: 5_000, mostBytes: 65_536 })
  const location = followed.headers.get('location')
  const clickId = location === undefined ? null : new URL(location, url).searchParams.get('click')
  if (clickId !== null && play.chance.fraction() < 0.5) await buy(play, clickId)
}

/** What is paid goes out, wherever it was bought. */
async function ship(play: Play): Promise<void> {
  const { ask } = play.cast.operator
  for (const order of nodesOf(await read(ask, DOCUMENTS.newestOrders), 'orders').filter(
    (one) => one['state'] === 'PAID',
  )) {
    const waybill = `SF${Math.floor(play.chance.fraction() * 1e12)}`
    await tried(play, () => act(ask, DOCUMENTS.shipOrder, { input: { orderId: order['id'], carrier: 'SF', waybill } }))
  }
}

async function flashSale(play: Play): Promise<void> {
  const { variant, priceMinor, currency } = one(play, play.goods)
  const price = { amountMinor: Math.max(1, Math.floor(priceMinor / 2)), currency }
  const endsAt = new Date(play.clock.now().getTime() + EVERY.sale / 2).toISOString()
  const input = { roomId: play.stage.room, variantId: variant, price, quota: 5, perMember: 1, endsAt }
  const opened = await act(play.cast.host.ask, DOCUMENTS.openFlashSale, { input })
  const flashSaleId = text(fields(opened['flashSale'], 'flashSale')['id'], 'flashSale.id')
  for (const viewer of play.cast.viewers.slice(0, 6))
    await tried(play, () => grab(play, viewer, { variant, flashSaleId }))
}

async function grab(
  play: Play,
  viewer: Player,
  { variant, flashSaleId }: { variant: string; flashSaleId: string },
): Promise<void> {
  const line = { variantId: variant, quantity: 1, roomId: play.stage.room, flashSaleId }
  const placed = await act(viewer.ask, DOCUMENTS.placeOrder, {
    input: { idempotencyKey: play.chance.uuid(), lines: [line] },
  })
  const orderId = text(fields(placed['order'], 'order')['id'], 'order.id')
  await act(viewer.ask, DOCUMENTS.payOrder, { input: { idempotencyKey: play.chance.uuid(), orderId, method: 'card' } })
}

async function draw(play: Play): Promise<void> {
  const { cast, stage, clock } = play
  const input = { roomId: stage.room, prize: '福袋：保温杯一只', winners: 1, beacon: clock.now().toISOString() }
  const opened = await act(cast.host.ask, DOCUMENTS.openDraw, { input })
  const drawId = text(fields(opened['draw'], 'draw')['id'], 'draw.id')
  for (const viewer of cast.viewers) await act(viewer.ask, DOCUMENTS.joinDraw, { input: { drawId } })
  clock.after(
    DRAW_OPEN_MS,
    () => void tried(play, () => act(cast.host.ask, DOCUMENTS.closeDraw, { input: { drawId } })),
  )
}

function someone(play: Play): Player {
  return one(play, play.cast.viewers)
}

function one<T>({ chance }: Play, of: readonly T[]): T {
  const chosen = of[Math.floor(chance.fraction() * of.length)]
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}
