import { describe, expect, it } from 'vitest'
import { federated, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

async function dataOf(graph: Federated, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

const BOOK = { __typename: 'Book', id: 'b1', title: 'T', pages: 9 }
const FILM = { __typename: 'Film', id: 'f1', title: 'F', minutes: 90 }

const media: TestSubgraph = {
  sdl: `type Query { all: [Media!]! any: [Any] one(id: ID!): Media } interface Media { id: ID! title: String } union Any = Book | Film
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
  resolvers: {
    Query: { all: () => [BOOK, FILM], any: () => [FILM, null, BOOK], one: () => BOOK },
    Book: itself,
    Film: itself,
  },
}

const stars: TestSubgraph = {
  sdl: `type Book @key(fields: "id") { id: ID! stars: Int } type Film @key(fields: "id") { id: ID! stars: Int! }`,
  resolvers: { Book: { ...itself, stars: () => 4 }, Film: { ...itself, stars: () => 5 } },
}

describe('an interface or a union', () => {
  it("MUST F201 is answered by the fields of each object's own type", async () => {
    const query = '{ all { title ... on Book { pages } ... on Film { minutes } } }'
    expect(await dataOf(federated({ media }), query)).toEqual({
      all: [
        { title: 'T', pages: 9 },
        { title: 'F', minutes: 90 },
      ],
    })
  })

  it('MUST F202 tells the type of each object, under any alias', async () => {
    const graph = federated({ media })
    expect(await dataOf(graph, '{ all { kind: __typename } any { __typename __typename: __typename } }')).toEqual({
      all: [{ kind: 'Book' }, { kind: 'Film' }],
      any: [{ __typename: 'Film' }, null, { __typename: 'Book' }],
    })
  })

  it('MUST F203 has fields of other subgraphs for each of its members, in one question', async () => {
    const graph = federated({ media, stars })
    const query = '{ any { ... on Book { stars } ... on Film { rating: stars } } }'
    expect(await dataOf(graph, query)).toEqual({ any: [{ rating: 5 }, null, { stars: 4 }] })
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['media', 'stars'])
  })

  it('MUST F204 keeps apart fields of one name whose types cannot be merged', async () => {
    const graph = federated({
      a: {
        sdl: 'type Query { any: [U!]! } union U = X | Y type X { v: [Int!]! } type Y { v: String }',
        resolvers: {
          Query: {
            any: () => [
              { __typename: 'X', v: [0] },
              { __typename: 'Y', v: '' },
            ],
          },
        },
      },
    })
    expect(await dataOf(graph, '{ any { ... on X { x: v } ... on Y { y: v } } }')).toEqual({
      any: [{ x: [0] }, { y: '' }],
    })
  })

  it('MUST F205 that a subgraph knows in part is asked there only for what it knows', async () => {
    const few: TestSubgraph = {
      sdl: `type Query { few: [Any] } union Any = Film type Film @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { few: () => [{ __typename: 'Film', id: 'f1' }] }, Film: itself },
    }
    const graph = federated({ media: { ...media, sdl: media.sdl }, stars, few })
    expect(await dataOf(graph, '{ few { ... on Book { pages rated: stars } ... on Film { stars } } }')).toEqual({
      few: [{ stars: 5 }],
    })
  })

  it('MUST F206 that nothing implements is null, and a failure is told', async () => {
    const graph = federated({
      a: {
        sdl: 'type Query { none: Nobody two: Int } interface Nobody { id: ID }',
        resolvers: {
          Query: {
            none: () => {
              throw new Error('nobody')
            },
            two: () => 2,
          },
        },
      },
    })
    const { data, errors } = await graph.ask('{ none { id } two }')
    expect(data).toEqual({ none: null, two: 2 })
    expect(errors?.[0]?.path).toEqual(['none'])
  })

  it('MUST F207 with a type that clients may not see is null there, with an error', async () => {
    const graph = federated({
      a: {
        sdl: 'type Query { any: [U] } union U = Open | Shut type Open { v: Int } type Shut @inaccessible { v: Int }',
        resolvers: {
          Query: {
            any: () => [
              { __typename: 'Shut', v: 1 },
              { __typename: 'Open', v: 2 },
            ],
          },
        },
      },
    })
    const { data, errors } = await graph.ask('{ any { ... on Open { v } } }')
    expect(data).toEqual({ any: [null, { v: 2 }] })
    expect(errors?.[0]?.path).toEqual(['any', 0])
  })

  it('MUST F208 hides enum values that clients may not see', async () => {
    const graph = federated({
      a: {
        sdl: 'type Query { tint: Tint dark: Tint } enum Tint { RED BLACK @inaccessible }',
        resolvers: { Query: { tint: () => 'RED', dark: () => 'BLACK' } },
      },
    })
    const { data, errors } = await graph.ask('{ tint dark }')
    expect(data).toEqual({ tint: 'RED', dark: null })
    expect(errors?.[0]?.path).toEqual(['dark'])
  })
})

describe('@interfaceObject', () => {
  const keyed: TestSubgraph = {
    sdl: `type Query { all: [Media!]! } interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
    resolvers: {
      Query: { all: () => [BOOK, FILM] },
      Media: { __resolveReference: ({ id }: Reference) => (id === 'b1' ? BOOK : FILM) },
      Book: { __resolveReference: () => BOOK },
      Film: { __resolveReference: () => FILM },
    },
  }
  const votes: TestSubgraph = {
    sdl: 'type Query { hot: [Media!]! } type Media @interfaceObject @key(fields: "id") { id: ID! votes: Int }',
    resolvers: {
      Query: { hot: () => [{ id: 'f1' }, { id: 'b1' }] },
      Media: { ...itself, votes: ({ id }: Reference) => (id === 'b1' ? 1 : 2) },
    },
  }

  it('MUST F211 adds its fields to every object of the interface', async () => {
    const graph = federated({ keyed, votes })
    expect(await dataOf(graph, '{ all { title votes } }')).toEqual({
      all: [
        { title: 'T', votes: 1 },
        { title: 'F', votes: 2 },
      ],
    })
    expect(graph.sent[1]?.variables['representations']).toEqual([
      { __typename: 'Media', id: 'b1' },
      { __typename: 'Media', id: 'f1' },
    ])
  })

  it('MUST F212 adds them through a fragment on an implementing type', async () => {
    const graph = federated({ keyed, votes })
    expect(await dataOf(graph, '{ all { ... on Film { votes minutes } } }')).toEqual({
      all: [{}, { votes: 2, minutes: 90 }],
    })
  })

  it('MUST F213 learns the type of an object where it is known', async () => {
    const graph = federated({ keyed, votes })
    expect(await dataOf(graph, '{ hot { __typename votes } }')).toEqual({
      hot: [
        { __typename: 'Film', votes: 2 },
        { __typename: 'Book', votes: 1 },
      ],
    })
    expect(await dataOf(graph, '{ hot { title ... on Book { pages } } }')).toEqual({
      hot: [{ title: 'F' }, { title: 'T', pages: 9 }],
    })
  })

  it('SHOULD F214 asks nobody for the type when nobody wants to know', async () => {
    const graph = federated({ keyed, votes })
    expect(await dataOf(graph, '{ hot { id votes } }')).toEqual({
      hot: [
        { id: 'f1', votes: 2 },
        { id: 'b1', votes: 1 },
      ],
    })
    expect(graph.sent).toHaveLength(1)
  })

  it('MUST F215 may require fields of the interface', async () => {
    const loud: TestSubgraph = {
      sdl: `type Media @interfaceObject @key(fields: "id") { id: ID! title: String @external loud: String @requires(fields: "title") }`,
      resolvers: { Media: { ...itself, loud: ({ title }: Reference) => `${String(title)}!` } },
    }
    expect(await dataOf(federated({ keyed, votes, loud }), '{ hot { loud } all { loud } }')).toEqual({
      hot: [{ loud: 'F!' }, { loud: 'T!' }],
      all: [{ loud: 'T!' }, { loud: 'F!' }],
    })
  })

  it('MUST F216 is an error, and no silent gap, where the type matters and cannot be learned', async () => {
    const graph = federated({ keyed, votes })
    graph.disturb('keyed', () => Promise.reject(new Error('down')))
    const { data, errors } = await graph.ask('{ hot { votes ... on Book { pages } } }')
    expect(data).toBeNull()
    expect(errors?.map(({ path }) => path)).toContainEqual(['hot', 0])
    expect(await dataOf(graph, '{ hot { votes } }')).toEqual({ hot: [{ votes: 2 }, { votes: 1 }] })
  })
})
