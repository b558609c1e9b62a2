import { afterEach, describe, expect, it } from 'vitest'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { composed } from '../support/federated.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, testRoom, type TestRoom } from './room.js'
import { openAcknowledged, type Wire } from './wire.js'

let room: TestRoom
let gateway: TestGateway
afterEach(() => gateway.stop())

const protect = (sdl: string): string => sdl.replace('mine: String', 'mine: String @authenticated')

async function open(change: (sdl: string) => string): Promise<void> {
  room = testRoom()
  gateway = await openTestGateway(parts(change), {
    subscribe: room.subscribe,
    config: { reloadMs: 50, live: { shared: ['happened'] } },
  })
}

function parts(change: (sdl: string) => string): TestRoom['parts'] {
  const { rooms, catalog } = room.parts
  if (rooms === undefined || catalog === undefined) throw new Error('the room has two subgraphs')
  return { rooms: { ...rooms, sdl: change(rooms.sdl) }, catalog }
}

async function watching(fields: string, token: string | null): Promise<Wire> {
  const before = gateway.live.viewers
  const wire = await openAcknowledged(gateway.url, token === null ? {} : { authorization: `Bearer ${token}` })
  wire.say({ id: '1', type: 'subscribe', payload: { query: `subscription { happened(room: 1) { ${fields} } }` } })
  await until(() => gateway.live.viewers === before + 1)
  return wire
}

const hears = async (wire: Wire): Promise<unknown> => (await wire.hear())['payload']

describe('a live field with a protected part', () => {
  it('S28 tells it only to those who may see it, and asks for it in their name', async () => {
    await open(protect)
    const [ann, nobody] = [await watching('seq mine', 'ann'), await watching('seq mine', null)]
    room.tell({ seq: 1, mine: 'secret' })
    expect(await hears(ann)).toEqual({ data: { happened: { seq: 1, mine: 'secret' } } })
    expect(await hears(nobody)).toMatchObject({
      data: { happened: { seq: 1, mine: null } },
      errors: [{ path: ['happened', 'mine'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    })
    expect(room.asked.map(({ context, query }) => [context.who.member, query.includes('mine')])).toEqual([
      ['Member:ann', true],
      [null, false],
    ])
  })

  it('is shared by all as long as they do not ask for that part', async () => {
    await open(protect)
    await watching('seq', 'ann')
    await watching('seq', 'bob')
    await watching('seq', null)
    expect(gateway.live).toMatchObject({ groups: 1, upstreams: 1 })
  })

  it('R14 ends for those who shared it when a new supergraph protects it, so that each asks anew', async () => {
    await open((sdl) => sdl)
    const wire = await watching('seq mine', 'ann')
    void gateway.update(composed(parts(protect)))
    expect(await wire.hear()).toMatchObject({ payload: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }] })
  })

  it('R14 goes on for an anonymous viewer when nothing changed for him', async () => {
    await open(protect)
    const wire = await watching('seq mine', null)
    void gateway.update(composed(parts((sdl) => protect(sdl).replace('rooms: Int', 'rooms: Int more: Int'))))
    room.tell({ seq: 2 })
    expect(await hears(wire)).toMatchObject({ data: { happened: { seq: 2, mine: null } } })
  })
})

const scoped = (sdl: string): string => sdl.replace('mine: String', 'mine: String @requiresScopes(scopes: [["read"]])')

/** Tokens name their member and his scopes: `ann+read`. */
function verifyScoped(token: string): Promise<Identity> {
  const [name = '', ...scopes] = token.split('+')
  return Promise.resolve({ ...ANONYMOUS, member: `Member:${name}`, scopes, expiresAt: 4_000_000_000 })
}

async function openScoped(config: object, sdl?: string): Promise<void> {
  room = testRoom(sdl)
  const options = { subscribe: room.subscribe, verify: verifyScoped, config: { reloadMs: 50, ...config } }
  gateway = await openTestGateway(parts(sdl === undefined ? scoped : (it) => it), options)
}

async function openUnheard(fetch: object, live: object = {}): Promise<void> {
  await openScoped({ live, fetch: { withoutToken: ['rooms', 'catalog'], ...fetch } })
}

/** The room says of its protected field that whoever may see it is told the same. */
const ALIKE_ROOM = scoped(LIVE_ROOM).replace('@live(personal: true)', '@live(shared: true)')

describe.each([
  ['behind subgraphs that are told nothing of who asks', () => openUnheard({})],
  ['whose owner says by `@live` that it does not look who asks', () => openScoped({}, ALIKE_ROOM)],
  [
    'of which the settings say so',
    () => openScoped({ live: { shared: ['happened', 'Happening.mine'], personal: [] } }),
  ],
])('a live field with a part for some scopes, %s', (_, open) => {
  it('S28 is one group for members with equal scopes, asked in nobody’s name, and another for those with other scopes', async () => {
    await open()
    const names = ['ann+read', 'bob+read+write', 'eve+write', 'max']
    const wires: Wire[] = []
    for (const name of names) wires.push(await watching('seq mine product { title }', name))
    expect(gateway.live).toMatchObject({ groups: 2, viewers: 4 })
    room.tell({ seq: 1, mine: 'secret', product: { id: 'a' } })
    const told = await Promise.all(wires.map(hears))
    const seen = (mine: string | null) => ({ data: { happened: { seq: 1, mine, product: { title: 'Ta' } } } })
    expect(told.slice(0, 2)).toEqual([seen('secret'), seen('secret')])
    for (const other of told.slice(2)) expect(other).toMatchObject(seen(null))
    expect(
      room.asked.map(({ context, query }) => [context.who, context.authorization, query.includes('mine')]),
    ).toEqual([
      [ANONYMOUS, null, true],
      [ANONYMOUS, null, false],
    ])
  })
})

describe('a live field whose owner says that it does not look who asks', () => {
  const ownRooms = async (): Promise<void> => {
    for (const name of ['ann+read', 'bob+read']) await watching('seq mine product { title }', name)
    expect(gateway.live).toMatchObject({ groups: 2, upstreams: 2 })
    expect(room.asked.map(({ context }) => context.who.member)).toEqual(['Member:ann', 'Member:bob'])
  }

  it('S28 is each member’s own beside another protected part that may look', async () => {
    await openScoped({ live: { shared: ['happened'] } })
    await ownRooms()
  })

  it('S28 is each member’s own where it is left to the subgraphs to look', async () => {
    await openScoped({ authorization: 'leave' }, ALIKE_ROOM)
    await ownRooms()
  })

  it('R14 ends, so that each asks anew, when a new supergraph no longer says so', async () => {
    await openScoped({}, ALIKE_ROOM)
    const wire = await watching('seq mine', 'ann+read')
    void gateway.update(composed(parts((sdl) => sdl.replace('[["read"]]) @live(shared: true)', '[["read"]])'))))
    expect(await hears(wire)).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }])
  })
})

describe('a live field behind subgraphs that are told nothing of who asks', () => {
  it.each([
    ['one of them gets the token', { withoutToken: ['rooms'] }, {}],
    ['one of them gets a header', { headersOf: { catalog: ['x-tenant'] } }, {}],
    ['something in it is said to depend on who asks', {}, { personal: ['Product.title'] }],
  ])('S28 is each member’s own when %s', async (_, fetch, live) => {
    await openUnheard(fetch, live)
    for (const name of ['ann+read', 'bob+read']) await watching('seq mine product { title }', name)
    expect(gateway.live).toMatchObject({ groups: 2, upstreams: 2 })
    expect(room.asked.map(({ context }) => context.who.member)).toEqual(['Member:ann', 'Member:bob'])
  })

  it('R14 goes on under a new supergraph as long as the same is required, and else ends so that each asks anew', async () => {
    await openUnheard({})
    const wires = [await watching('seq mine', 'ann+read'), await watching('seq mine', 'bob+read')]
    await gateway.update(composed(parts((sdl) => scoped(sdl).replace('rooms: Int', 'rooms: Int more: Int'))))
    room.tell({ seq: 1, mine: 'secret' })
    for (const wire of wires) expect(await hears(wire)).toEqual({ data: { happened: { seq: 1, mine: 'secret' } } })
    await gateway.update(composed(parts((sdl) => scoped(sdl).replace('"read"', '"write"'))))
    for (const wire of wires)
      expect(await hears(wire)).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }])
  })
})
