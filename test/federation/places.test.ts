import { describe, expect, it } from 'vitest'
import type { SubgraphAnswer } from '../../gateway/fetch/ask-subgraph.js'
import { asked, dataOf, part, told } from '../support/ask-federated.js'
import { federated, type Federated } from '../support/federated.js'

const key = '@key(fields: "id")'

const rooms = part(
  `type Query { room: Room rooms: [[Room]] any: [Any] strict: [Room!]! box: Box! } type Room ${key} { id: ID! next: Room } union Any = Room | Note type Note { n: Int } type Box { inner: Inner! } type Inner { room: Room! n: Int }
   type Mutation { open: Room shut: Room }`,
  {
    Query: {
      room: { id: '1', next: { id: '2', next: { id: '1' } } },
      rooms: [[{ id: '1' }], [{ id: '2' }, { id: '1' }, null]],
      any: [
        { __typename: 'Note', n: 1 },
        { __typename: 'Room', id: '1' },
      ],
      strict: [{ id: '2' }, { id: '1' }],
      box: { inner: { room: { id: '1' }, n: 1 } },
    },
    Mutation: { open: { id: '1' }, shut: { id: '2' } },
  },
)

const fails = (id: unknown): unknown => {
  if (id === '1') throw new Error('boom')
  return 5
}

const seats = part(
  `type Room ${key} { id: ID! seats: Int must: Int! deep: Deep list: [Deep] } type Deep { n: Int must: Int! }`,
  {
    Room: {
      seats: ({ id }) => fails(id),
      must: ({ id }) => fails(id),
      deep: ({ id }) => ({ n: 1, must: () => fails(id) }),
      list: ({ id }) => [
        { n: 1, must: 1 },
        { n: 2, must: () => fails(id) },
      ],
    },
  },
)

const graph = (): Federated => federated({ rooms, seats })

/** The graph, with one answer for all that `seats` is asked. */
function answering(answer: unknown): Federated {
  const it = graph()
  // What a stranger sends has no type.
  it.disturb('seats', () => Promise.resolve(answer as SubgraphAnswer))
  return it
}

describe('an error of a subgraph', () => {
  it('MUST F431 is told at every place where its entity stands', async () => {
    const [data, errors] = await told(graph(), '{ room { seats next { seats next { seats } } } rooms { seats } }')
    expect(data).toEqual({
      room: { seats: null, next: { seats: 5, next: { seats: null } } },
      rooms: [[{ seats: null }], [{ seats: 5 }, { seats: null }, null]],
    })
    expect([...errors].sort()).toEqual(
      ['room.next.next.seats', 'room.seats', 'rooms.0.0.seats', 'rooms.1.1.seats'].map(
        (path) => `${path} INTERNAL_SERVER_ERROR`,
      ),
    )
  })

  it('MUST F432 is told by the client’s own names, at every depth', async () => {
    const [, errors] = await told(graph(), '{ a: room { b: deep { c: must } d: list { e: must n } } }')
    expect(errors).toEqual(['a.b.c INTERNAL_SERVER_ERROR', 'a.d.1.e INTERNAL_SERVER_ERROR'])
  })

  it('MUST F433 is told under each name, where one field was asked under two', async () => {
    const [data, errors] = await told(graph(), '{ room { x: seats y: seats } }')
    expect(data).toEqual({ room: { x: null, y: null } })
    expect(errors).toEqual(['room.x INTERNAL_SERVER_ERROR', 'room.y INTERNAL_SERVER_ERROR'])
  })

  it('MUST F434 is told through fragments and on members of a union', async () => {
    const [data, errors] = await told(graph(), '{ any { ...F ... on Note { n } } } fragment F on Room { s: seats }')
    expect(data).toEqual({ any: [{ n: 1 }, { s: null }] })
    expect(errors).toEqual(['any.1.s INTERNAL_SERVER_ERROR'])
  })

  it('MUST F435 is not told where the client did not ask', async () => {
    const [, errors] = await told(graph(), 'query { room { id deep { n } } }')
    expect(errors.filter((one) => one.includes('must'))).toEqual([])
  })

  it('MUST F436 is told on what a mutation gave, and the next mutation runs', async () => {
    expect(await told(graph(), 'mutation { open { seats } shut { seats } }')).toEqual([
      { open: { seats: null }, shut: { seats: 5 } },
      ['open.seats INTERNAL_SERVER_ERROR'],
    ])
  })

  it('MUST F437 without a path is told on all that is missing, and on nothing that came', async () => {
    const it = answering({
      data: { _entities: [{ seats: 3, must: null }] },
      errors: [{ message: 'm', extensions: { code: 'NOT_FOUND' } }],
    })
    expect(await told(it, '{ room { seats must } }')).toEqual([{ room: null }, ['room.must NOT_FOUND']])
  })

  it('MUST F438 with a path to nowhere does no harm', async () => {
    const paths = [
      ['_entities', 9, 'seats'],
      ['nothing'],
      ['_entities'],
      ['_entities', 0, 'seats', 'deeper', 3],
      [{}],
      'x',
    ]
    const it = answering({ data: { _entities: [{ seats: 3 }] }, errors: paths.map((path) => ({ message: 'm', path })) })
    const [data] = await told(it, '{ room { seats } }')
    expect(data).toEqual({ room: { seats: 3 } })
  })

  it('MUST F439 of one entity leaves the others of its fetch as they are', async () => {
    const it = answering({
      data: { _entities: [{ seats: 1 }, null] },
      errors: [{ message: 'm', path: ['_entities', 1] }],
    })
    expect(await told(it, '{ rooms { seats } }')).toEqual([
      { rooms: [[{ seats: 1 }], [{ seats: null }, { seats: 1 }, null]] },
      ['rooms.1.0.seats INTERNAL_SERVER_ERROR'],
    ])
  })
})

describe('a null that must not be', () => {
  it('MUST F441 makes the nearest place null that may be, and is told once', async () => {
    expect(await told(graph(), '{ room { next { next { must } } } }')).toEqual([
      { room: { next: { next: null } } },
      ['room.next.next.must INTERNAL_SERVER_ERROR'],
    ])
  })

  it('MUST F442 travels through lists of lists, item by item', async () => {
    const [data, errors] = await told(graph(), '{ rooms { must } }')
    expect(data).toEqual({ rooms: [[null], [{ must: 5 }, null, null]] })
    expect(errors).toHaveLength(2)
  })

  it('MUST F443 travels up to the root through what must be', async () => {
    expect(await told(graph(), '{ strict { must } room { id } }')).toEqual([
      null,
      ['strict.1.must INTERNAL_SERVER_ERROR'],
    ])
    expect(await told(graph(), '{ box { inner { n room { must } } } }')).toEqual([
      null,
      ['box.inner.room.must INTERNAL_SERVER_ERROR'],
    ])
  })

  it('MUST F444 stops at the field below the entity that may be null', async () => {
    expect(await told(graph(), '{ strict { id deep { n must } } }')).toEqual([
      {
        strict: [
          { id: '2', deep: { n: 1, must: 5 } },
          { id: '1', deep: null },
        ],
      },
      ['strict.1.deep.must INTERNAL_SERVER_ERROR'],
    ])
  })

  it('MUST F445 of one alias leaves the same object under another alone', async () => {
    const [data] = await told(graph(), '{ a: room { must } b: room { id } }')
    expect(data).toEqual({ a: null, b: { id: '1' } })
  })

  it('MUST F446 that a subgraph gives in a list against its word makes the list null', async () => {
    const it = federated({ a: part('type Query { all: [Int!] rows: [[Int!]!] n: Int }', {}) })
    it.disturb('a', () => Promise.resolve({ data: { all: [1, null], rows: [[1], null], n: 1 } }))
    const [data, errors] = await told(it, '{ all rows n }')
    expect(data).toEqual({ all: null, rows: null, n: 1 })
    expect(errors.map((one) => one.split(' ')[0])).toEqual(['all.1', 'rows.1'])
  })
})

describe('partial data', () => {
  it('MUST F451 is given of all that did not fail', async () => {
    const it = federated({
      rooms,
      seats,
      more: part(`type Room ${key} { id: ID! name: String }`, { Room: { name: 'n' } }),
    })
    it.disturb('seats', () => Promise.reject(new Error('down')))
    expect(await told(it, '{ room { id name seats next { name } } }')).toEqual([
      { room: { id: '1', name: 'n', seats: null, next: { name: 'n' } } },
      ['room.seats SUBGRAPH_UNAVAILABLE'],
    ])
  })

  it('MUST F452 has nothing of a hop that depends on the failed one, told by its cause', async () => {
    const it = federated({
      rooms,
      hosts: part(`type Room ${key} { id: ID! host: Host } type Host ${key} { id: ID! }`, {
        Room: { host: { id: 'h' } },
      }),
      people: part(`type Host ${key} { id: ID! name: String }`, { Host: { name: 'n' } }),
    })
    it.disturb('hosts', () => Promise.reject(new Error('down')))
    expect(await told(it, '{ room { id host { name } } }')).toEqual([
      { room: { id: '1', host: null } },
      ['room.host SUBGRAPH_UNAVAILABLE'],
    ])
    expect(asked(it)).toEqual(['rooms', 'hosts'])
  })

  it('MUST F453 of two root fields has the one whose subgraph answered', async () => {
    const it = federated({
      a: part('type Query { a: Int }', { Query: { a: 1 } }),
      b: part('type Query { b: Int c: Int }', { Query: { b: 2, c: 3 } }),
    })
    it.disturb('b', () => Promise.reject(new Error('down')))
    expect(await told(it, '{ a b c }')).toEqual([
      { a: 1, b: null, c: null },
      ['b SUBGRAPH_UNAVAILABLE', 'c SUBGRAPH_UNAVAILABLE'],
    ])
  })
})

describe('a hostile answer', () => {
  it.each([
    ['a number where an object stands', { deep: 7 }],
    ['a list where an object stands', { deep: [[]] }],
    ['an object where a list stands', { list: { n: 1 } }],
    ['a list of numbers where objects stand', { list: [1, 2] }],
    ['a text where a number stands', { seats: 'x' }],
    ['a fraction where a whole number stands', { seats: 1.5 }],
    ['what no number can be', { seats: 1e400 }],
  ])('MUST F461 with %s costs that field, with a code', async (_, entity) => {
    const it = answering({ data: { _entities: [entity] } })
    const [data, errors] = await told(
      it,
      `{ room { id ${Object.keys(entity)[0] === 'seats' ? 'seats' : `${String(Object.keys(entity)[0])} { n }`} } }`,
    )
    expect(data).toMatchObject({ room: { id: '1' } })
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.every((one) => one.startsWith('room.') && one.endsWith('SUBGRAPH_MALFORMED'))).toBe(true)
  })

  it('MUST F462 with fields that nobody asked adds nothing', async () => {
    const it = answering({
      data: { _entities: [{ seats: 1, id: 'evil', __typename: 'Note', next: { id: 'evil' } }], room: { id: 'evil' } },
    })
    expect(await dataOf(it, '{ room { seats } }')).toEqual({ room: { seats: 1 } })
  })

  it('MUST F463 that names a type which cannot stand there is null there, with an error', async () => {
    const it = graph()
    it.disturb('rooms', () =>
      Promise.resolve({ data: { any: [{ __typename: 'Query' }, { __typename: 'Nonsense' }, { __typename: 5 }, {}] } }),
    )
    const [data, errors] = await told(it, '{ any { ... on Note { n } } }')
    expect(data).toEqual({ any: [null, null, null, null] })
    expect(errors).toEqual([0, 1, 2, 3].map((at) => `any.${at} SUBGRAPH_MALFORMED`))
  })

  it('MUST F464 with lists of unequal length from two subgraphs is never mixed up', async () => {
    const half = (name: string) => part(`type Query { all: [V!] @shareable } type V { ${name}: Int }`, {})
    const it = federated({ x: half('x'), y: half('y') })
    it.disturb('x', () => Promise.resolve({ data: { all: [{ x: 1 }, { x: 2 }] } }))
    it.disturb('y', () => Promise.resolve({ data: { all: [{ y: 9 }] } }))
    const { data } = await it.ask('{ all { x y } }')
    expect(JSON.stringify(data)).not.toMatch(/"x":\d,"y":\d/)
  })
})
