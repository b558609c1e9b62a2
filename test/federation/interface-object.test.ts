import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, sentTo, told, type Row } from '../support/ask-federated.js'
import { openEngine } from '../../gateway/answer.js'
import { silent } from '../../platform/observe/observer.js'
import { composed, federated, inProcessSubgraphs, nobody, subgraphSchema } from '../support/federated.js'

const key = '@key(fields: "id")'

describe('@interfaceObject', () => {
  const media = part(
    `type Query { media: [Media!]! } interface Media ${key} { id: ID! title: String } type Book implements Media ${key} { id: ID! title: String pages: Int } type Film implements Media ${key} { id: ID! title: String }`,
    {
      Query: {
        media: [
          { __typename: 'Book', id: 'b', title: 'B', pages: 9 },
          { __typename: 'Film', id: 'f', title: 'F' },
        ],
      },
      Media: { __resolveReference: () => null },
    },
  )
  const known = {
    ...media,
    resolvers: {
      ...media.resolvers,
      Media: {
        __resolveReference: ({ id }: Row) =>
          id === 'b' ? { __typename: 'Book', id, title: 'B', pages: 9 } : { __typename: 'Film', id, title: 'F' },
      },
    },
  }

  it('MUST F261 may require fields, and they are had of each type', async () => {
    const loud = part(
      `type Media @interfaceObject ${key} { id: ID! title: String @external loud: String @requires(fields: "title") }`,
      {
        Media: { loud: ({ title }) => `${String(title)}!` },
      },
    )
    const graph = federated({ known, loud })
    expect(await dataOf(graph, '{ media { loud ... on Book { pages } } }')).toEqual({
      media: [{ loud: 'B!', pages: 9 }, { loud: 'F!' }],
    })
    expect(sentTo(graph, 'loud')).toEqual([
      { __typename: 'Media', id: 'b', title: 'B' },
      { __typename: 'Media', id: 'f', title: 'F' },
    ])
  })

  it('MUST F262 adds fields to an object that was reached by its own type, indirectly too', async () => {
    const votes = part(`type Media @interfaceObject ${key} { id: ID! votes: Int }`, { Media: { votes: 3 } })
    const shelf = part(`type Query { shelf: Shelf } type Shelf { book: Book } type Book ${key} { id: ID! }`, {
      Query: { shelf: { book: { id: 'b' } } },
    })
    const graph = federated({ known, votes, shelf })
    expect(await dataOf(graph, '{ shelf { book { votes } } }')).toEqual({ shelf: { book: { votes: 3 } } })
    expect(sentTo(graph, 'votes')).toEqual([{ __typename: 'Media', id: 'b' }])
  })

  it('MUST F263 may lead to entities of their own', async () => {
    const votes = part(`type Media @interfaceObject ${key} { id: ID! by: [User!]! } type User ${key} { id: ID! }`, {
      Media: { by: [{ id: 1 }, { id: 2 }] },
    })
    const users = part(`type User ${key} { id: ID! name: String }`, { User: { name: ({ id }) => `u${String(id)}` } })
    expect(await dataOf(federated({ known, votes, users }), '{ media { by { name } } }')).toEqual({
      media: Array(2).fill({ by: [{ name: 'u1' }, { name: 'u2' }] }),
    })
  })

  it('MUST F264 that several subgraphs add to has the fields of all', async () => {
    const plus = (name: string, value: number) =>
      part(`type Media @interfaceObject ${key} { id: ID! ${name}: Int }`, { Media: { [name]: value } })
    expect(await dataOf(federated({ known, x: plus('x', 1), y: plus('y', 2) }), '{ media { y x title } }')).toEqual({
      media: [
        { y: 2, x: 1, title: 'B' },
        { y: 2, x: 1, title: 'F' },
      ],
    })
  })

  const hot = part(`type Query { hot: Media } type Media @interfaceObject ${key} { id: ID! votes: Int }`, {
    Query: { hot: { id: 'gone' } },
    Media: { votes: 1 },
  })

  it('MUST F265 that nobody knows more of is an error where its type matters, no silent null', async () => {
    const [data, errors] = await told(federated({ media, hot }), '{ hot { votes ... on Book { pages } } }')
    expect(data).toEqual({ hot: null })
    expect(errors.map((one) => one.split(' ')[0])).toEqual(['hot'])
  })

  it('MUST F266 that nobody knows more of has what is known, where its type does not matter', async () => {
    expect(await dataOf(federated({ media, hot }), '{ hot { id votes } }')).toEqual({ hot: { id: 'gone', votes: 1 } })
  })

  it('MUST F267 tells its own type, never the interface’s name', async () => {
    const best = part(`type Query { best: Media } type Media @interfaceObject ${key} { id: ID! votes: Int }`, {
      Query: { best: { id: 'f' } },
    })
    const graph = federated({ known, best })
    expect(await dataOf(graph, '{ best { t: __typename } }')).toEqual({ best: { t: 'Film' } })
    expect(asked(graph)).toEqual(['best', 'known'])
  })

  describe('with a field that must be there and is asked of one type only', () => {
    const must = part(
      `type Query { hot: [Media] } type Media @interfaceObject ${key} { id: ID! votes: Int! stars: Int! by: By calm: Int }
       type By { name: String! age: Int }`,
      {
        Query: { hot: [{ id: 'b' }, { id: 'f' }] },
        Media: {
          votes: ({ id }) => (id === 'b' ? 1 : null),
          stars: ({ id }) => (id === 'f' ? 2 : null),
          by: ({ id }) => ({ age: 4, ...(id === 'b' && { name: 'n' }) }),
          calm: 3,
        },
      },
    )
    const graph = federated({ known, must })

    it.each([
      ['{ hot { id ... on Book { votes } } }', [{ id: 'b', votes: 1 }, { id: 'f' }]],
      ['{ hot { ... on Book { votes } ... on Film { stars calm } } }', [{ votes: 1 }, { stars: 2, calm: 3 }]],
      ['{ hot { calm ... on Book { votes } } }', [{ calm: 3, votes: 1 }, { calm: 3 }]],
      [
        '{ hot { ... on Book { by { name } } ... on Film { by { age } } } }',
        [{ by: { name: 'n' } }, { by: { age: 4 } }],
      ],
    ])('MUST F269 takes along no object of another type: %s', async (query, hot) => {
      expect(await dataOf(graph, query)).toEqual({ hot })
    })

    it.each([
      ['{ media { ... on Book { votes } ... on Film { stars calm } } }', [{ votes: 1 }, { stars: 2, calm: 3 }]],
      ['{ media { calm ... on Film { stars } } }', [{ calm: 3 }, { calm: 3, stars: 2 }]],
      [
        '{ media { ... on Film { by { age } } ... on Book { by { name } } } }',
        [{ by: { name: 'n' } }, { by: { age: 4 } }],
      ],
      ['{ media { by { age } ... on Book { by { name } } } }', [{ by: { age: 4, name: 'n' } }, { by: { age: 4 } }]],
    ])('MUST F270 takes along no object of another type that was found by its key: %s', async (query, media) => {
      expect(await dataOf(graph, query)).toEqual({ media })
    })
  })

  it('MUST F280 is not lost for what another field requires, though the client’s own field beside it fails', async () => {
    const own = part(`type Query { it: It } type It ${key} { id: ID! to: To } type To ${key} { id: ID! }`, {
      Query: { it: { id: 1 } },
      It: { to: { id: 2 } },
    })
    const below = part(`type To ${key} { id: ID! must: Int! may: Int }`, { To: { must: null, may: 7 } })
    const above = part(
      `type It ${key} { id: ID! to: To @external sum: Int @requires(fields: "to { may }") } type To ${key} { id: ID! may: Int @external }`,
      { It: { sum: ({ to }) => (to as Row)['may'] } },
    )
    const { data } = await federated({ own, below, above }).ask('{ it { to { must } sum } }')
    expect(data).toEqual({ it: { to: null, sum: 7 } })
  })

  it('MUST F279 is asked under two types of the same path, each for what is wanted there', async () => {
    const kept = part(
      `type Query { it: [Any] } union Any = A | B type A { e: E } type B { e: E } type E ${key} { id: ID! }`,
      {
        Query: {
          it: [
            { __typename: 'A', e: { id: 1 } },
            { __typename: 'B', e: { id: 2 } },
          ],
        },
      },
    )
    const added = part(`type E ${key} { id: ID! must: Int! may: Int }`, {
      E: { must: ({ id }) => (id === '1' ? 1 : null), may: 7 },
    })
    expect(
      await dataOf(federated({ kept, added }), '{ it { ... on A { e { must } } ... on B { e { may } } } }'),
    ).toEqual({
      it: [{ e: { must: 1 } }, { e: { may: 7 } }],
    })
  })

  it('MUST F268 whose fields cannot be reached is an error, no silent null', async () => {
    const stub = part(
      `type Query { stub: Media } type Media @interfaceObject @key(fields: "id", resolvable: false) { id: ID! }`,
      { Query: { stub: { id: 'b' } } },
    )
    const graph = federated({ known, stub })
    expect(await dataOf(graph, '{ stub { title ... on Book { pages } } }')).toEqual({ stub: { title: 'B', pages: 9 } })
    graph.disturb('known', () => Promise.reject(new Error('down')))
    const [data, errors] = await told(graph, '{ stub { title } }')
    expect(data).toEqual({ stub: { title: null } })
    expect(errors).toEqual(['stub.title SUBGRAPH_UNAVAILABLE'])
  })

  describe('of which no subgraph at all tells more', () => {
    const votes = part(`type Query { hot: Media } type Media @interfaceObject ${key} { id: ID! votes: Int }`, {
      Query: { hot: { id: 'b' } },
      Media: { votes: 3 },
    })
    const unreachable = 'fields: "id", resolvable: false'

    it('MUST F288 is refused by composition', () => {
      const closed = { ...known, sdl: known.sdl.replaceAll('fields: "id"', unreachable) }
      expect(() => composed({ closed, votes })).toThrow(/no subgraph can be reached to resolve/)
    })

    it.each([
      ['{ hot { title } }', undefined, 'PLAN_FAILED'],
      ['{ hot { votes title } }', undefined, 'PLAN_FAILED'],
      ['{ hot { ... on Book { pages } } }', undefined, 'PLAN_FAILED'],
      ['{ hot { __typename } }', { hot: null }, 'SUBGRAPH_MALFORMED'],
      ['{ hot { id votes } }', { hot: { id: 'b', votes: 3 } }, undefined],
    ])('MUST F289 is an error, no silent null, where it was composed all the same: %s', async (text, data, code) => {
      const supergraph = composed({ known, votes }).replaceAll(
        'join__type(graph: KNOWN, key: "id"',
        '$&, resolvable: false',
      )
      const subgraphs = inProcessSubgraphs(
        new Map(Object.entries({ known, votes }).map(([name, it]) => [name, subgraphSchema(it)])),
      )
      const engine = openEngine({ supergraph, subgraphs, observer: silent })
      const { body, codes } = await engine.answer({ text, variables: null, operationName: null, context: nobody })
      expect([(JSON.parse(body) as { data?: unknown }).data, codes[0]]).toEqual([data, code])
    })
  })
})
