import { join } from 'node:path'
import { expect } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'
import { fields, list, text, whole, type Fields } from '../../platform/decode.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { readComments } from '../../scripts/bilibili/read-comments.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import { importFile } from '../../scripts/import/import-file.js'
import { play } from '../../scripts/replay/play.js'
import { ensureMembers, memberOfUser, postComment } from '../../scripts/replay/recorded-shop.js'
import { plain, watch, type Viewer } from '../support/live-viewer.js'
import { until } from '../support/until.js'
import {
  drawCanBeRepeated,
  drawn,
  ERRORS,
  flashSale,
  ordinaryOrder,
  QUOTA,
  type EveningHouse,
} from './evening-deeds.js'

/** What somebody has been told until now. */
type Seen = Pick<Viewer, 'events'>

const VIEWERS = 20
const SAMPLES = join(projectRoot(), 'scripts/sample')

/** Everything that a viewer is told, with fields of four subgraphs in it. */
const LIVE = `subscription Evening($roomId: ID!, $after: String) {
  liveEvents(roomId: $roomId, after: $after) {
    __typename
    ... on CommentPosted { cursor comment { id text author { id nickname } } }
    ... on ProductShelved { cursor product { title } variant { id title } roomPrice { amountMinor } }
    ... on TalkingPointSet { cursor product { title } }
    ... on FlashSaleMoved { cursor saleState left variant { id product { title } } }
    ... on OrderSeen { cursor lines { quantity product { title } } }
    ... on StockMoved { cursor available variant { id } }
    ... on RoomPriceSet { cursor variant { id } }
    ... on DrawOpened { cursor commitment draw { id prize } }
    ... on DrawClosed { cursor seed winners { id nickname } }
    ... on RoomStateChanged { cursor state }
    ... on Gap { cursor }
  }
}`

/** One evening, from an empty shop to the end of the room: what each of twenty viewers saw, and what was sold. */
export async function anEvening(house: EveningHouse): Promise<void> {
  const operator = await house.as({ sub: 'Member:operator', roles: ['operator', 'merchant'] })
  const host = await house.as({ sub: 'Member:host', roles: ['member', 'host'] })
  await knownMembers(operator)
  const goods = await importedGoods(operator)
  const roomId = await openedRoom(host, goods)
  const viewers = await Promise.all(
    Array.from({ length: VIEWERS }, (_, at) => viewer(house, roomId, at % 2 === 0 ? null : at)),
  )
  const said = await replayedComments(house, roomId)
  const [leaver] = viewers
  const missedFrom = leaver === undefined ? '0' : await leaves(leaver)

  const sold = await flashSale(house, host, { roomId, variant: firstOf(goods).variant })
  await ordinaryOrder(house, roomId, goods)
  const draw = await drawn(house, host, roomId)
  await act(host, `mutation($i: RoomInput!) { endRoom(input: $i) { ${ERRORS} } }`, { i: { roomId } })

  const back = watch({ socketUrl: house.socketUrl, token: null, query: LIVE, variables: { roomId, after: missedFrom } })
  const stayed = viewers.slice(1)
  await Promise.all([...stayed, back].map((one) => one.sees(isEnd, 'the end of the room')))
  everybodySawTheSame(stayed)
  await oneStockForAll([...stayed, resumed(leaver, back)])
  returnedMissesNothing(firstOf(stayed), back, missedFrom)
  expect(count(firstOf(stayed), 'CommentPosted')).toBe(said)
  expect(sold).toBe(QUOTA)
  drawCanBeRepeated(draw)
  await Promise.all([...viewers, back].map((one) => one.leave()))
}

async function knownMembers(operator: Ask): Promise<void> {
  const members = ['host', 'operator', ...Array.from({ length: VIEWERS }, (_, at) => `viewer-${at}`)]
  const input = { members: members.map((key) => ({ id: `Member:${key}`, nickname: key })) }
  await act(operator, `mutation($i: EnsureMembersInput!) { ensureMembers(input: $i) { ${ERRORS} } }`, { i: input })
}

/** The sample CSV, through the same import as anybody's; price and stock arrive a moment later. */
async function importedGoods(
  operator: Ask,
): Promise<readonly { readonly product: string; readonly variant: string }[]> {
  const watcher = { begin: () => undefined, add: () => undefined }
  const consignment = { seller: 'daihuo', selfOperated: true, currency: 'CNY' }
  const report = await importFile(join(SAMPLES, 'products.csv'), { ask: operator, consignment, watcher })
  expect(report.counts.REFUSED).toBe(0)
  let goods: readonly { product: string; variant: string }[] = []
  await until(async () => {
    const page = await read(
      operator,
      '{ products(first: 50) { edges { node { id variants { id stock { available } } } } } }',
    )
    goods = nodesOf(page, 'products').flatMap((product) => stocked(product))
    return goods.length >= 6
  }, 'the stock of the imported products')
  return goods
}

function stocked(product: Fields): readonly { product: string; variant: string }[] {
  const variant = list(product['variants'], 'variants', fields).find(
    ({ stock }) => stock !== null && whole(fields(stock, 'stock')['available'], 'available') >= 20,
  )
  return variant === undefined ? [] : [{ product: text(product['id'], 'id'), variant: text(variant['id'], 'id') }]
}

async function openedRoom(
  host: Ask,
  goods: readonly { readonly product: string; readonly variant: string }[],
): Promise<string> {
  const input = {
    title: '小夏的晚八点',
    kind: 'STORE',
    commentsPerMemberPerMinute: 100_000,
    commentsPerMinute: 1_000_000,
  }
  const scheduled = await act(
    host,
    `mutation($i: ScheduleRoomInput!) { scheduleRoom(input: $i) { room { id } ${ERRORS} } }`,
    { i: input },
  )
  const roomId = text(fields(scheduled['room'], 'room')['id'], 'room.id')
  await act(host, `mutation($i: RoomInput!) { goLive(input: $i) { ${ERRORS} } }`, { i: { roomId } })
  const shelve = `mutation($i: PutOnShelfInput!) { putOnShelf(input: $i) { ${ERRORS} } }`
  for (const { product, variant } of goods.slice(0, 6))
    await act(host, shelve, {
      i: { roomId, productId: product, variantId: variant, roomPrice: { amountMinor: 1900, currency: 'CNY' } },
    })
  await act(host, `mutation($i: SetTalkingPointInput!) { setTalkingPoint(input: $i) { ${ERRORS} } }`, {
    i: { roomId, variantId: firstOf(goods).variant },
  })
  return roomId
}

/** Every second viewer is a member, the others are anonymous; all begin with the first event that the room holds. */
async function viewer(house: EveningHouse, roomId: string, member: number | null): Promise<Viewer> {
  const token = member === null ? null : await house.token({ sub: `Member:viewer-${member}`, roles: ['member'] })
  const one = watch({ socketUrl: house.socketUrl, token, query: LIVE, variables: { roomId, after: '0' } })
  await one.sees((event) => event['__typename'] === 'TalkingPointSet', 'the talking point')
  return one
}

async function replayedComments(house: EveningHouse, roomId: string): Promise<number> {
  const operator = await house.as({ sub: 'Member:replay', roles: ['operator'] })
  const { comments } = await readComments(join(SAMPLES, 'evening.xml'))
  await ensureMembers(operator, [...new Set(comments.map((one) => one.user))])
  const voices = new Map<string, Ask>()
  for (const { user } of comments)
    if (!voices.has(user)) voices.set(user, await house.as({ sub: memberOfUser(user), roles: ['member'] }))
  const post = (one: (typeof comments)[number]): Promise<string | null> =>
    postComment(voices.get(one.user) ?? operator, roomId, one)
  const { taken } = await play(comments, { clock: systemClock, speed: 0, post, heard: () => undefined })
  expect(taken).toBeGreaterThan(40)
  return taken
}

async function leaves(viewer: Viewer): Promise<string> {
  await viewer.sees((event) => event['__typename'] === 'CommentPosted', 'a comment')
  await viewer.leave()
  return viewer.cursors.at(-1) ?? '0'
}

function everybodySawTheSame(viewers: readonly Viewer[]): void {
  const first = firstOf(viewers)
  for (const other of viewers) expect(plain(durable(other))).toEqual(plain(durable(first)))
  const numbers = placesOf(first)
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
}

/** The newest stock may come a quarter of a second after what overtook it. */
async function oneStockForAll(viewers: readonly Seen[]): Promise<void> {
  const believe = (viewer: Seen): string => JSON.stringify(Object.entries(newestStock(viewer)).sort())
  const first = firstOf(viewers)
  await until(() => viewers.every((other) => believe(other) === believe(first)), 'one stock for all')
}

/** Both visits of one who left and came back, as one. */
function resumed(before: Viewer | undefined, back: Viewer): Seen {
  return {
    get events() {
      return [...(before?.events ?? []), ...back.events]
    },
  }
}

function returnedMissesNothing(stayed: Viewer, back: Viewer, from: string): void {
  expect(placesOf(back)).toEqual(placesOf(stayed).filter((place) => place > placeOf(from)))
}

/** Events that must all arrive, each with its place; likes and viewer counts come and go, and of stock only the newest counts. */
function durable(viewer: Viewer): readonly Fields[] {
  return viewer.events
    .filter(({ cursor, __typename }) => typeof cursor === 'string' && __typename !== 'StockMoved')
    .map((event) => ({ ...event, cursor: placeOf(event['cursor']) }))
}

function placesOf(viewer: Viewer): readonly number[] {
  return durable(viewer).map(({ cursor }) => Number(cursor))
}

/** How far everything was told: a gateway that holds values back puts more than that into a cursor. */
function placeOf(cursor: unknown): number {
  return Number(/^~?(\d+)/.exec(String(cursor))?.[1])
}

/** What each viewer believes is left, by variant. */
function newestStock(viewer: Seen): Readonly<Record<string, unknown>> {
  const told = viewer.events.filter((event) => event['__typename'] === 'StockMoved')
  return Object.fromEntries(told.map((event) => [JSON.stringify(event['variant']), event['available']]))
}

function count(viewer: Viewer, typename: string): number {
  return viewer.events.filter((event) => event['__typename'] === typename).length
}

function isEnd(event: Fields): boolean {
  return event['__typename'] === 'RoomStateChanged' && event['state'] === 'ENDED'
}

function firstOf<T>(all: readonly T[]): T {
  const [first] = all
  if (first === undefined) throw new Error('there is none')
  return first
}
