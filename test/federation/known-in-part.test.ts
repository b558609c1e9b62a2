import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, sentTo } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

const key = '@key(fields: "id")'

describe('a union that subgraphs know differently', () => {
  const news = part(
    `type Query { news: [Item!]! } union Item = Post | Poll type Post ${key} { id: ID! text: String } type Poll ${key} { id: ID! question: String }`,
    {
      Query: {
        news: [
          { __typename: 'Post', id: 1, text: 't' },
          { __typename: 'Poll', id: 2, question: 'q' },
        ],
      },
    },
  )
  const shop = part(
    `type Query { deals: [Item!]! } union Item = Post | Deal type Post ${key} { id: ID! likes: Int } type Deal ${key} { id: ID! off: Int }`,
    {
      Query: {
        deals: [
          { __typename: 'Deal', id: 3, off: 10 },
          { __typename: 'Post', id: 1 },
        ],
      },
      Post: { likes: 5 },
    },
  )

  it('MUST F281 is answered for members that the one asked does not know', async () => {
    const graph = federated({ news, shop })
    const query =
      '{ news { ...F } deals { ...F } } fragment F on Item { __typename ... on Post { text likes } ... on Poll { question } ... on Deal { off } }'
    expect(await dataOf(graph, query)).toEqual({
      news: [
        { __typename: 'Post', text: 't', likes: 5 },
        { __typename: 'Poll', question: 'q' },
      ],
      deals: [
        { __typename: 'Deal', off: 10 },
        { __typename: 'Post', text: null, likes: 5 },
      ],
    })
  })

  it('MUST F282 never names a member to a subgraph that does not know it', async () => {
    const graph = federated({ news, shop })
    await dataOf(graph, '{ news { ... on Deal { off } ... on Poll { question } } }')
    expect(asked(graph)).toEqual(['news'])
    expect(graph.sent[0]?.query).not.toMatch(/Deal/)
  })

  it('MUST F283 whose member in the answer is not asked for is an empty object', async () => {
    expect(await dataOf(federated({ news, shop }), '{ news { ... on Deal { off } } }')).toEqual({ news: [{}, {}] })
  })
})

describe('an interface that subgraphs know differently', () => {
  const all = part(
    `type Query { all: [Media!]! } interface Media { id: ID! } type Book implements Media ${key} { id: ID! title: String } type Film implements Media ${key} { id: ID! title: String }`,
    {
      Query: {
        all: [
          { __typename: 'Book', id: 1, title: 'B' },
          { __typename: 'Film', id: 2, title: 'F' },
        ],
      },
    },
  )

  it('MUST F284 has fields that only another subgraph has on it', async () => {
    const more = part(
      `interface Media { id: ID! stars: Int } type Book implements Media ${key} { id: ID! stars: Int } type Film implements Media ${key} { id: ID! stars: Int }`,
      { Book: { stars: 4 }, Film: { stars: 5 } },
    )
    const graph = federated({ all, more })
    expect(await dataOf(graph, '{ all { id stars } }')).toEqual({
      all: [
        { id: '1', stars: 4 },
        { id: '2', stars: 5 },
      ],
    })
    expect(asked(graph)).toEqual(['all', 'more'])
  })

  it('MUST F285 has a field whose owners differ by type, each asked for its own', async () => {
    const books = part(
      `interface Media { id: ID! stars: Int } type Book implements Media ${key} { id: ID! stars: Int }`,
      { Book: { stars: 4 } },
    )
    const films = part(
      `interface Media { id: ID! stars: Int } type Film implements Media ${key} { id: ID! stars: Int }`,
      { Film: { stars: 5 } },
    )
    const graph = federated({ all, books, films })
    expect(await dataOf(graph, '{ all { stars } }')).toEqual({ all: [{ stars: 4 }, { stars: 5 }] })
    expect(sentTo(graph, 'books')).toEqual([{ __typename: 'Book', id: '1' }])
    expect(sentTo(graph, 'films')).toEqual([{ __typename: 'Film', id: '2' }])
  })

  it('MUST F286 has members that only one subgraph calls so', async () => {
    const graph = federated({
      a: part(
        `type Query { a: [Named!]! } interface Named { name: String } type Cat implements Named @shareable { name: String }`,
        { Query: { a: [{ __typename: 'Cat', name: 'c' }] } },
      ),
      b: part(
        `type Query { b: [Named!]! } interface Named { name: String } type Dog implements Named @shareable { name: String } type Cat @shareable { name: String }`,
        {
          Query: { b: [{ __typename: 'Dog', name: 'd' }] },
        },
      ),
    })
    const query = '{ a { name ... on Dog { x: name } } b { ... on Cat { y: name } ... on Named { name } __typename } }'
    expect(await dataOf(graph, query)).toEqual({ a: [{ name: 'c' }], b: [{ name: 'd', __typename: 'Dog' }] })
  })

  it('MUST F287 of an interface is told apart through both', async () => {
    const graph = federated({
      a: part(
        'type Query { all: [Node!]! } interface Node { id: ID! } interface Named implements Node { id: ID! name: String } type A implements Named & Node { id: ID! name: String } type B implements Node { id: ID! n: Int }',
        {
          Query: {
            all: [
              { __typename: 'A', id: 1, name: 'x' },
              { __typename: 'B', id: 2, n: 3 },
            ],
          },
        },
      ),
    })
    expect(await dataOf(graph, '{ all { ... on Named { name ... on Node { id } } ... on B { n } } }')).toEqual({
      all: [{ name: 'x', id: '1' }, { n: 3 }],
    })
  })
})

describe('__typename', () => {
  const graph = () =>
    federated({
      a: part(
        `type Query { it: It any: [Any] } type Mutation { go: It } type It ${key} { id: ID! } union Any = It | Off type Off { n: Int }`,
        {
          Query: {
            it: { id: 1 },
            any: [
              { __typename: 'It', id: 1 },
              { __typename: 'Off', n: 1 },
            ],
          },
          Mutation: { go: { id: 2 } },
        },
      ),
      b: part(`type It ${key} { id: ID! inner: Inner } type Inner { n: Int }`, { It: { inner: { n: 1 } } }),
    })

  it.each([
    ['{ __typename }', { __typename: 'Query' }],
    ['{ t: __typename it { a: __typename b: __typename } }', { t: 'Query', it: { a: 'It', b: 'It' } }],
    ['mutation { __typename go { __typename } }', { __typename: 'Mutation', go: { __typename: 'It' } }],
    ['{ it { inner { __typename } } }', { it: { inner: { __typename: 'Inner' } } }],
    [
      '{ any { __typename ... on It { inner { __typename n } } } }',
      { any: [{ __typename: 'It', inner: { __typename: 'Inner', n: 1 } }, { __typename: 'Off' }] },
    ],
    ['{ it { __typename: id id: __typename } }', { it: { __typename: '1', id: 'It' } }],
  ])('MUST F291 is told wherever it is asked: %s', async (query, data) => {
    expect(await dataOf(graph(), query)).toEqual(data)
  })

  it('SHOULD F292 needs no fetch of its own', async () => {
    const it = graph()
    await dataOf(it, '{ __typename it { __typename } }')
    expect(asked(it)).toEqual(['a'])
  })
})
