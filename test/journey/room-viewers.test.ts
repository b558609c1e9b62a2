import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, list, maybe, text, type Fields } from '../../platform/decode.js'
import type { Ask } from '../../schema/ask.js'
import { act, nodesOf, read as readRoot } from '../../scripts/client/deed.js'
import { dropOld } from '../../subgraphs/rooms/store/log.js'
import { openHouse, type House } from '../support/house.js'
import { committedOperations } from '../support/committed-operations.js'
import { watch, type Viewer } from '../support/live-viewer.js'
import { until } from '../support/until.js'
import { count, openScene } from '../kill/live-scene.js'

const ERRORS = 'errors { code message }'
const WATCH = `subscription W($room: ID!, $after: String) {
  liveEvents(roomId: $room, after: $after) {
    __typename
    ... on CommentPosted { cursor comment { text author { nickname } } }
    ... on RoomStateChanged { cursor state }
    ... on Gap { cursor missedFrom missedTo }
  }
}`
/** A group of the gateway remembers this many; a room's log is cut to this many below. */
const REMEMBERED = 3

let house: House
let operator: Ask
let host: Ask
let room: string
beforeAll(async () => {
  house = await openHouse({ gateway: { live: { historyEvents: REMEMBERED } } })
  operator = await house.as({ sub: 'Member:operator', roles: ['operator', 'merchant'] })
  host = await house.as({ sub: 'Member:host', roles: ['member', 'host'] })
  const members = [{ id: 'Member:host', nickname: 'Host' }]
  await act(operator, `mutation($i: EnsureMembersInput!) { ensureMembers(input: $i) { ${ERRORS} } }`, {
    i: { members },
  })
  const scheduled = await act(
    host,
    `mutation($i: ScheduleRoomInput!) { scheduleRoom(input: $i) { room { id } ${ERRORS} } }`,
    { i: { title: 'gap', kind: 'STORE', commentsPerMemberPerMinute: 1000 } },
  )
  room = text(fields(scheduled['room'], 'room')['id'], 'room.id')
  await act(host, `mutation($i: RoomInput!) { goLive(input: $i) { ${ERRORS} } }`, { i: { roomId: room } })
})
afterAll(() => house.stop())

function say(words: string): Promise<Fields> {
  const input = { roomId: room, text: words }
  return act(host, `mutation($i: PostCommentInput!) { postComment(input: $i) { ${ERRORS} } }`, { i: input })
}

function come(after: string | null): Viewer {
  return watch({ socketUrl: house.socketUrl, token: null, query: WATCH, variables: { room, after } })
}

const isComment = (words: string) => (event: Fields) =>
  event['__typename'] === 'CommentPosted' && fields(event['comment'], 'comment')['text'] === words

describe('R23 a viewer who comes back later than the history reaches', () => {
  it('is told the gap, with what is missing, then what is left, then goes on without it', async () => {
    await say('word 1') // before anybody follows: what a room's feed has told itself it remembers, and nothing of it is missing
    const stays = come('0')
    for (let nth = 2; nth <= 9; nth++) await say(`word ${nth}`)
    await stays.sees(isComment('word 9'), 'the last word')
    const first = stays.cursors[0] ?? ''
    expect(await dropOld(house.db, REMEMBERED)).toBeGreaterThan(0)
    const back = come(first)
    await back.sees(isComment('word 9'), 'the last word')
    await say('word 10')
    await back.sees(isComment('word 10'), 'a new word')
    expect(
      back.events.map(({ __typename, comment }) => (comment == null ? __typename : fields(comment, 'c')['text'])),
    ).toEqual(['Gap', 'word 7', 'word 8', 'word 9', 'word 10'])
    expect(back.events[0]).toEqual({ __typename: 'Gap', cursor: '7', missedFrom: '2', missedTo: '7' })
    await Promise.all([stays.leave(), back.leave()])
  })

  it('is told nothing of the kind when he goes on from the gap’s own cursor', async () => {
    const back = come('7')
    await back.sees(isComment('word 10'), 'the last word')
    expect(back.events.some(({ __typename }) => __typename === 'Gap')).toBe(false)
    await back.leave()
  })
})

describe('R23 a viewer who comes while a room is talked in', () => {
  const page = `query ($room: ID!, $after: String) { room(id: $room) { replay(first: 5, after: $after) {
    edges { node { ... on CommentPosted { comment { text } } } } pageInfo { hasNextPage endCursor } } } }`
  const wordOf = ({ comment }: Fields): readonly unknown[] =>
    comment == null ? [] : [fields(comment, 'comment')['text']]

  it('reads what was, goes on live behind it, and has all of it once and in order', async () => {
    const words = Array.from({ length: 30 }, (_, at) => `seam ${at}`)
    const talking = (async () => {
      for (const word of words) await say(word)
    })()
    const read: unknown[] = []
    let after: string | null = '10'
    for (let more: unknown = true; more === true;) {
      const { replay } = await readRoot(host, page, { room, after })
      const { edges, pageInfo } = fields(replay, 'replay')
      const { hasNextPage, endCursor } = fields(pageInfo, 'pageInfo')
      read.push(...list(edges, 'edges', fields).flatMap(({ node }) => wordOf(fields(node, 'node'))))
      after = maybe(endCursor, 'endCursor', text) ?? after
      more = hasNextPage
    }
    const viewer = come(after)
    await talking
    await viewer.sees(isComment('seam 29'), 'the last word')
    const all = [...read, ...viewer.events.flatMap(wordOf)]
    expect(all.filter((word) => String(word).startsWith('seam'))).toEqual(words)
    await viewer.leave()
  })
})

describe('R23 a viewer who reads the page of a room that changes', () => {
  const PAGE = `query ($id: ID!) { room(id: $id) {
    lastCursor shelf { roomPrice { amountMinor } variant { id stock { available } } } } }`
  const CHANGES = `subscription ($id: ID!, $after: String) { liveEvents(roomId: $id, after: $after) {
    __typename
    ... on ProductShelved { cursor roomPrice { amountMinor } variant { id stock { available } } }
    ... on ProductUnshelved { cursor }
    ... on RoomPriceSet { cursor roomPrice { amountMinor } }
    ... on StockMoved { cursor available }
    ... on Gap { cursor }
  } }`
  const PLACE = ['ProductShelved', 'ProductUnshelved', 'RoomPriceSet']
    .map((type) => `... on ${type} { cursor }`)
    .join(' ')
  const LOG = `query ($id: ID!, $after: String) { room(id: $id) { replay(first: 100, after: $after) {
    edges { node { ${PLACE} } } pageInfo { hasNextPage endCursor } } } }`
  const ARRIVALS = 12

  /** What is shown of the one thing on the shelf; null while it is not there. */
  type Shown = { readonly price: unknown; readonly stock: unknown } | null

  const shownOf = ({ roomPrice, variant }: Fields): Shown => ({
    price: roomPrice,
    stock: fields(fields(variant, 'variant')['stock'], 'stock')['available'],
  })
  const onPage = ({ shelf }: Fields): Shown => list(shelf, 'shelf', fields).map(shownOf)[0] ?? null

  function changed(shown: Shown, event: Fields): Shown {
    switch (event['__typename']) {
      case 'ProductShelved':
        return shownOf(event)
      case 'ProductUnshelved':
        return null
      case 'RoomPriceSet':
        return shown && { ...shown, price: event['roomPrice'] }
      case 'StockMoved':
        return shown && { ...shown, stock: event['available'] }
      default:
        return shown
    }
  }

  /** Where in the log things must arrive that were told after a cursor. */
  async function placesAfter(cursor: unknown, id: string): Promise<readonly number[]> {
    const { replay } = await readRoot(host, LOG, { id, after: cursor })
    const { pageInfo } = fields(replay, 'replay')
    const { hasNextPage, endCursor } = fields(pageInfo, 'pageInfo')
    const places = nodesOf(replay, 'replay').flatMap((node) => ('cursor' in node ? [Number(node['cursor'])] : []))
    return hasNextPage === true ? [...places, ...(await placesAfter(endCursor, id))] : places
  }

  /** A gateway that holds a value back puts more than the place into a cursor. */
  const placesHeard = ({ events }: Viewer): readonly number[] =>
    events
      .filter(({ __typename }) => __typename !== 'StockMoved')
      .map(({ cursor }) => Number(/^~?(\d+)/.exec(String(cursor))?.[1]))

  it('and goes on from its cursor misses nothing of the shelf, the price and the stock, and hears nothing twice', async () => {
    const { roomId, product, variant } = await openScene(operator, host)
    const at = { roomId, variantId: variant }
    const price = (amountMinor: number): object => ({ roomPrice: { amountMinor, currency: 'CNY' } })
    const does = (deed: string, type: string, input: object): Promise<Fields> =>
      act(host, `mutation($i: ${type}!) { ${deed}(input: $i) { ${ERRORS} } }`, { i: { ...at, ...input } })
    const over = new AbortController()
    const changing = (async () => {
      for (let round = 1; !over.signal.aborted; round++) {
        await does('setRoomPrice', 'SetRoomPriceInput', price(1_000 + round))
        await count(operator, variant, 100 + round)
        await does('takeOffShelf', 'TakeOffShelfInput', {})
        await does('putOnShelf', 'PutOnShelfInput', { productId: product, ...price(2_000 + round) })
      }
    })()
    const arrived: { readonly page: Fields; readonly viewer: Viewer }[] = []
    while (arrived.length < ARRIVALS) {
      const page = await readRoot(host, PAGE, { id: roomId })
      const variables = { id: roomId, after: page['lastCursor'] }
      const viewer = watch({ socketUrl: house.socketUrl, token: null, query: CHANGES, variables })
      arrived.push({ page, viewer })
      await viewer.sees(() => true, 'a change')
    }
    over.abort()
    await changing
    await count(operator, variant, 7)
    for (const { page, viewer } of arrived) {
      const believed = (): Shown => viewer.events.reduce(changed, onPage(page))
      await until(() => believed()?.stock === 7, 'the last stock')
      expect(believed()).toEqual(onPage(await readRoot(host, PAGE, { id: roomId })))
      expect(placesHeard(viewer)).toEqual(await placesAfter(page['lastCursor'], roomId))
      await viewer.leave()
    }
  })
})

describe('S28 whoever watches a room', () => {
  const happened = committedOperations().find(({ name }) => name === 'LiveEvents')?.query ?? ''
  const members = [
    { sub: 'Member:ann', roles: ['member'] as const },
    { sub: 'Member:bob', roles: ['member'] as const },
    { sub: 'Member:host', roles: ['member', 'host'] as const },
    null,
  ]

  async function watching(query: string): Promise<readonly Viewer[]> {
    await until(() => house.shop.gateway.live.viewers === 0, 'that nobody watches')
    const tokens = await Promise.all(members.map(async (claims) => claims && (await house.shop.token(claims))))
    const variables = { roomId: room, after: null }
    const viewers = tokens.map((token) => watch({ socketUrl: house.socketUrl, token, query, variables }))
    await until(() => house.shop.gateway.live.viewers === viewers.length, 'that all watch')
    return viewers
  }

  it('is one group with all others, member or not, and each is told what happens', async () => {
    const viewers = await watching(happened)
    expect(house.shop.gateway.live).toMatchObject({ groups: 1, upstreams: 1 })
    await say('to all')
    await Promise.all(viewers.map((viewer) => viewer.sees(isComment('to all'), 'the word')))
    await Promise.all(viewers.map((viewer) => viewer.leave()))
  })

  it('is a group of his own where he asks for what is not told to everybody', async () => {
    const query = `subscription ($roomId: ID!, $after: String) { liveEvents(roomId: $roomId, after: $after) {
      ... on ProductShelved { variant { feed { quantity } } } } }`
    const viewers = await watching(query)
    expect(house.shop.gateway.live).toMatchObject({ groups: members.length, upstreams: members.length })
    await Promise.all(viewers.map((viewer) => viewer.leave()))
  })
})
