import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../test/support/databases.js'
import { ROOMS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import { as, HOST } from '../../test/support/rooms.js'
import { until } from '../../test/support/until.js'
import type { Database } from '../../platform/db/database.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { drawHolds } from './domain/draw.js'
import { rooms } from './subgraph.js'

type Answer = Record<string, never>

eachMigrated(ROOMS, (open) => {
  describe('the rooms on the graph', () => {
    let db: Database
    let hosted: HostedSubgraph
    let statements = 0

    beforeEach(async () => {
      db = await open()
      const counting = { ...aGround({ db }), db: counted(db, () => statements++) }
      hosted = await runSubgraph(rooms({ env: {} }), counting)
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    // The test's own reading of answers: what is not there fails where it is looked at.
    async function ask(query: string, who: Identity = ANONYMOUS, variables: object = {}): Promise<Answer> {
      const { data, errors } = await hosted.ask({ query, variables: { ...variables } }, who)
      if (errors !== undefined)
        throw Object.assign(new Error(JSON.stringify(errors)), { code: errors[0]?.extensions.code })
      return data as Answer
    }
    async function does(mutation: string, input: object, who: Identity = HOST): Promise<Answer> {
      const type = `${mutation[0]?.toUpperCase() ?? ''}${mutation.slice(1)}`
      const [inputType, answer] = SHAPES[mutation] ?? [`${type}Input`, 'room { id state lastCursor }']
      const query = `mutation ($input: ${inputType}!) { it: ${mutation}(input: $input) { ${answer} errors { code field } } }`
      return (await ask(query, who, { input }))['it'] as unknown as Answer
    }
    async function liveRoom(): Promise<string> {
      const { room } = (await does('scheduleRoom', { title: 'An evening' })) as never as { room: { id: string } }
      await does('goLive', { roomId: room.id })
      return room.id
    }

    it('lead a room from the programme to its end', async () => {
      const scheduled = await does('scheduleRoom', { title: ' Spring ', kind: 'STAR' })
      const { id: roomId } = scheduled['room'] as unknown as { id: string }
      await does('goLive', { roomId })
      const shelf = {
        roomId,
        productId: 'Product:p',
        variantId: 'Variant:v',
        roomPrice: { amountMinor: 990, currency: 'CNY' },
      }
      expect((await does('putOnShelf', shelf))['errors']).toEqual([])
      await does('setTalkingPoint', { roomId, variantId: 'Variant:v' })
      await does('postComment', { roomId, text: 'hello', offsetMs: -5 }, as('ada'))
      const { room } = await ask(
        `query ($roomId: ID!) { room(id: $roomId) { title kind state host { id } lastCursor talkingPoint { variant { id } }
           shelf { position talking roomPrice { amountMinor currency } product { id } variant { id } }
           comments { edges { node { text offsetMs author { id } } } } } }`,
        ANONYMOUS,
        { roomId },
      )
      expect(room).toEqual({
        title: 'Spring',
        kind: 'STAR',
        state: 'LIVE',
        host: { id: 'Member:host' },
        lastCursor: '4',
        talkingPoint: { variant: { id: 'Variant:v' } },
        shelf: [
          {
            position: 0,
            talking: true,
            roomPrice: { amountMinor: 990, currency: 'CNY' },
            product: { id: 'Product:p' },
            variant: { id: 'Variant:v' },
          },
        ],
        comments: { edges: [{ node: { text: 'hello', offsetMs: -5, author: { id: 'Member:ada' } } }] },
      })
      expect((await does('endRoom', { roomId }))['room']).toMatchObject({ state: 'ENDED', lastCursor: '5' })
      expect((await does('goLive', { roomId }))['errors']).toEqual([{ code: 'STATE_FORBIDS', field: null }])
    })

    it('let nobody act in a room but its host and operators, and tell the others why', async () => {
      const roomId = await liveRoom()
      const deed = (who: Identity) => does('endRoom', { roomId }, who)
      await expect(deed(ANONYMOUS)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      await expect(deed(as('ada'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(deed(as('other', 'host'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect((await deed(as('boss', 'operator')))['room']).toMatchObject({ state: 'ENDED' })
      await expect(
        does('scheduleRoom', { title: 'x', hostId: 'Member:host' }, as('other', 'host')),
      ).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      await expect(does('postComment', { roomId, text: 'x' }, ANONYMOUS)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      })
    })

    it('stream live events with cursors, history first', async () => {
      const roomId = await liveRoom()
      const query = `subscription ($roomId: ID!, $after: String) { liveEvents(roomId: $roomId, after: $after) {
        __typename ... on RoomStateChanged { cursor state room { title } } ... on CommentPosted { cursor comment { text author { id } room { id } } } } }`
      const stream = await hosted.subscribe({ query, variables: { roomId, after: '0' } }, ANONYMOUS)
      await does('postComment', { roomId, text: 'hello' }, as('ada'))
      const told = [(await stream.next()).value, (await stream.next()).value] as readonly unknown[]
      await stream.return?.()
      const comment = { text: 'hello', author: { id: 'Member:ada' }, room: { id: roomId } }
      expect(told).toEqual([
        {
          data: {
            liveEvents: { __typename: 'RoomStateChanged', cursor: '1', state: 'LIVE', room: { title: 'An evening' } },
          },
        },
        { data: { liveEvents: { __typename: 'CommentPosted', cursor: '2', comment } } },
      ])
      const unknown = await hosted.subscribe({ query, variables: { roomId: 'Room:none' } }, ANONYMOUS)
      expect(JSON.stringify((await unknown.next()).value)).toContain('NOT_FOUND')
    })

    it('show a crowd a sample of what is said beyond their rate, and whoever said it his own', async () => {
      const roomId = await liveRoom()
      await does('updateRoom', { roomId, commentsPerMinute: 0 })
      const query = 'subscription ($roomId: ID!) { liveEvents(roomId: $roomId) { __typename } }'
      const stream = await hosted.subscribe({ query, variables: { roomId } }, ANONYMOUS)
      const input = { roomId, text: 'mine' }
      const post = 'mutation ($input: PostCommentInput!) { postComment(input: $input) { shown comment { text } } }'
      expect(await ask(post, as('ada'), { input })).toEqual({
        postComment: { shown: false, comment: { text: 'mine' } },
      })
      await does('endRoom', { roomId })
      expect((await stream.next()).value).toEqual({ data: { liveEvents: { __typename: 'RoomStateChanged' } } })
      await stream.return?.()
      const record = 'query ($roomId: ID!) { room(id: $roomId) { comments { edges { node { text } } } } }'
      expect(await ask(record, ANONYMOUS, { roomId })).toEqual({
        room: { comments: { edges: [{ node: { text: 'mine' } }] } },
      })
    })

    it('replay an evening from its log, page by page, with the cursors of the events', async () => {
      const roomId = await liveRoom()
      for (const text of ['a', 'b', 'c']) await does('postComment', { roomId, text }, as('ada'))
      const query = `query ($roomId: ID!, $after: String) { room(id: $roomId) { replay(first: 2, after: $after) {
        edges { cursor node { __typename ... on CommentPosted { cursor comment { text } } } } pageInfo { hasNextPage endCursor } } } }`
      for (let again = 0; again < 2; again++) {
        const { room } = await ask(query, ANONYMOUS, { roomId, after: '1' })
        expect(room).toMatchObject({
          replay: {
            edges: [
              { cursor: '2', node: { __typename: 'CommentPosted', cursor: '2', comment: { text: 'a' } } },
              { cursor: '3', node: { comment: { text: 'b' } } },
            ],
            pageInfo: { hasNextPage: true, endCursor: '3' },
          },
        })
      }
    })

    it('draw so that everybody can draw again', async () => {
      const roomId = await liveRoom()
      const opened = await does('openDraw', { roomId, prize: 'A kettle', winners: 2, beacon: 'round 4711' })
      const { id: drawId, commitment, seed } = opened['draw'] as never as Record<string, string>
      expect(seed).toBeNull()
      for (const name of ['a', 'b', 'c', 'a']) await does('joinDraw', { drawId }, as(name))
      const closed = await does('closeDraw', { drawId })
      expect(await does('closeDraw', { drawId })).toEqual(closed)
      const { draw } = await ask(
        `query ($drawId: ID!) { draw(id: $drawId) { state commitment root seed beacon entrantCount
           entrants { edges { node { id } } } winners { place member { id } } } }`,
        ANONYMOUS,
        { drawId },
      )
      const it = draw as never as Drawn
      const entrants = it.entrants.edges.map((edge) => edge.node.id)
      expect(entrants).toEqual(['Member:a', 'Member:b', 'Member:c'])
      expect(it).toMatchObject({ state: 'CLOSED', commitment, entrantCount: 3 })
      expect(
        drawHolds(
          it,
          entrants,
          it.winners.map((one) => one.member.id),
        ),
      ).toBe(true)
      expect((await does('joinDraw', { drawId }, as('d')))['errors']).toEqual([{ code: 'DRAW_CLOSED', field: null }])
    })

    it('count likes and viewers', async () => {
      const roomId = await liveRoom()
      await does('likeRoom', { roomId, count: 50 }, as('ada'))
      for (const name of ['ada', 'bob', 'ada']) await does('watchRoom', { roomId }, as(name))
      const query = `query ($roomId: ID!) { room(id: $roomId) { likes viewers { concurrent unique } } }`
      await until(async () => JSON.stringify(await ask(query, ANONYMOUS, { roomId })).includes('"likes":50'))
      expect((await ask(query, ANONYMOUS, { roomId }))['room']).toEqual({
        likes: 50,
        viewers: { concurrent: 2, unique: 2 },
      })
      const over = await does('likeRoom', { roomId, count: 51 }, as('ada'))
      expect(over['errors']).toEqual([{ code: 'BAD_USER_INPUT', field: null }])
    })

    it('answer a page of twenty rooms with all that belongs to them in a fixed number of statements', async () => {
      const query = `{ rooms(first: 20) { edges { node { id title host { id } viewers { unique } likes lastCursor
        shelf { product { id } variant { id } } talkingPoint { position } comments(first: 5) { edges { node { text } } }
        draws { entrantCount winners { place } } replay(first: 5) { edges { cursor } } } } } }`
      const counts: number[] = []
      for (const wanted of [2, 18]) {
        for (let nth = 0; nth < wanted; nth++) {
          const roomId = await liveRoom()
          await does('putOnShelf', { roomId, productId: 'Product:p', variantId: `Variant:v${nth}` })
          await does('openDraw', { roomId, prize: 'A kettle', beacon: 'x' })
        }
        statements = 0
        const { rooms: page } = await ask(query)
        counts.push(statements)
        expect((page as never as { edges: [] }).edges).toHaveLength(wanted === 2 ? 2 : 20)
      }
      expect(counts[1]).toBe(counts[0])
    })

    it('S32 refuse pages without bound and ids of other things', async () => {
      await expect(ask('{ rooms(first: 99999999) { edges { cursor } } }')).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      })
      await expect(ask('{ room(id: "Order:1") { id } }')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
      expect(await ask('{ room(id: "Room:none") { id } draw(id: "Draw:none") { id } }')).toEqual({
        room: null,
        draw: null,
      })
      const refused = await does('putOnShelf', { roomId: 'Room:none', productId: 'Product:p', variantId: 'Variant:v' })
      expect(refused['errors']).toEqual([{ code: 'NOT_FOUND', field: null }])
    })
  })
})

interface Drawn {
  readonly commitment: string
  readonly root: string
  readonly seed: string
  readonly beacon: string
  readonly entrants: { readonly edges: readonly { readonly node: { readonly id: string } }[] }
  readonly winners: readonly { readonly member: { readonly id: string } }[]
}

const DRAW = 'draw { id state commitment seed }'
const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  goLive: ['RoomInput', 'room { id state lastCursor }'],
  endRoom: ['RoomInput', 'room { id state lastCursor }'],
  watchRoom: ['RoomInput', 'room { id }'],
  postComment: ['PostCommentInput', 'comment { id text }'],
  openDraw: ['OpenDrawInput', DRAW],
  joinDraw: ['DrawInput', DRAW],
  closeDraw: ['DrawInput', DRAW],
}

/** Counts the statements of requests: not those of the timers and of the relay, which come when they come. */
function counted(db: Database, count: () => void): Database {
  return {
    query: (sql, values) => {
      if (!/outbox|clock_timestamp|state = 'OPEN'|"state" = /.test(sql)) count()
      return db.query(sql, values)
    },
    transaction: (work) => db.transaction(work),
    close: () => db.close(),
  }
}
