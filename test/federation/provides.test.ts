import { describe, expect, it } from 'vitest'
import { asked, dataOf, part } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

const key = '@key(fields: "id")'
const own = part(
  `type Song ${key} { id: ID! title: String @shareable length: Int @shareable } type Ad ${key} { id: ID! text: String @shareable }`,
  {
    Song: { title: 'own', length: 1 },
    Ad: { text: 'own' },
  },
)

describe('@provides', () => {
  it('MUST F181 of several fields is used for all of them', async () => {
    const graph = federated({
      a: part(
        `type Query { best: Song @provides(fields: "title length") } type Song ${key} { id: ID! title: String @external length: Int @external }`,
        {
          Query: { best: { id: 1, title: 'given', length: 2 } },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ best { length title } }')).toEqual({ best: { length: 2, title: 'given' } })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F182 is not used beyond the field that it stands on', async () => {
    const graph = federated({
      a: part(
        `type Query { best: Song @provides(fields: "title") next: Song } type Song ${key} { id: ID! title: String @external like: Song }`,
        {
          Query: { best: { id: 1, title: 'given', like: { id: 2 } }, next: { id: 3 } },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ best { title like { title } } next { title } }')).toEqual({
      best: { title: 'given', like: { title: 'own' } },
      next: { title: 'own' },
    })
  })

  it('MUST F183 in a list is used for every item', async () => {
    const graph = federated({
      a: part(
        `type Query { top: [Song!]! @provides(fields: "title") } type Song ${key} { id: ID! title: String @external }`,
        {
          Query: {
            top: [
              { id: 1, title: 'x' },
              { id: 2, title: 'y' },
            ],
          },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ top { title } }')).toEqual({ top: [{ title: 'x' }, { title: 'y' }] })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F184 nested two deep is used there', async () => {
    const graph = federated({
      a: part(
        `type Query { fair: Fair @provides(fields: "stage { song { title } }") } type Fair @shareable { stage: Stage } type Stage @shareable { song: Song } type Song ${key} { id: ID! title: String @external }`,
        { Query: { fair: { stage: { song: { id: 1, title: 'given' } } } } },
      ),
      own,
    })
    expect(await dataOf(graph, '{ fair { stage { song { title } } } }')).toEqual({
      fair: { stage: { song: { title: 'given' } } },
    })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F185 on a member of a union is used for that member, and no other', async () => {
    const graph = federated({
      a: part(
        `type Query { any: [Any] @provides(fields: "... on Song { title }") } union Any = Song | Ad type Song ${key} { id: ID! title: String @external } type Ad ${key} { id: ID! }`,
        {
          Query: {
            any: [
              { __typename: 'Song', id: 1, title: 'given' },
              { __typename: 'Ad', id: 2 },
            ],
          },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ any { ... on Song { title } ... on Ad { text } } }')).toEqual({
      any: [{ title: 'given' }, { text: 'own' }],
    })
    expect(asked(graph)).toEqual(['a', 'own'])
  })

  it('MUST F186 on a type of an interface is used for objects of it', async () => {
    const graph = federated({
      a: part(
        `type Query { one: Piece @provides(fields: "... on Song { title }") } interface Piece { id: ID! } type Song implements Piece ${key} { id: ID! title: String @external }`,
        { Query: { one: { __typename: 'Song', id: 1, title: 'given' } } },
      ),
      own,
    })
    expect(await dataOf(graph, '{ one { id ... on Song { title } } }')).toEqual({ one: { id: '1', title: 'given' } })
    expect(asked(graph)).toEqual(['a'])
  })

  it.each([
    ['{ media { animals { name } } }', [{ name: 'given' }, { name: 'given' }], ['a']],
    ['{ media { animals { ... on Dog { name age } } } }', [{ name: 'given', age: 1 }, {}], ['a', 'keeper']],
  ])("MUST F189 on an interface's own field is used for all its objects: %s", async (query, animals, from) => {
    const types = `type Book implements Media ${key} { id: ID! animals: [Animal] @external }
      type Dog implements Animal ${key} { id: ID! name: String @external } type Cat implements Animal ${key} { id: ID! name: String @external }`
    const whole = types
      .replaceAll('@external', '@shareable')
      .replace('type Dog implements Animal @key(fields: "id") {', '$& age: Int')
    const interfaces = 'interface Media { id: ID! animals: [Animal] } interface Animal { id: ID! name: String }'
    const graph = federated({
      a: part(`type Query { media: Media @provides(fields: "animals { name }") } ${interfaces} ${types}`, {
        Query: {
          media: {
            __typename: 'Book',
            id: 'b',
            animals: [
              { __typename: 'Dog', id: 'd', name: 'given' },
              { __typename: 'Cat', id: 'c', name: 'given' },
            ],
          },
        },
      }),
      keeper: part(`${interfaces} ${whole}`, { Dog: { name: 'own', age: 1 }, Cat: { name: 'own' } }),
    })
    expect(await dataOf(graph, query)).toEqual({ media: { animals } })
    expect(asked(graph)).toEqual(from)
  })

  it('MUST F187 on a field of an entity is used wherever the entity came from', async () => {
    const graph = federated({
      a: part(`type Query { list: List } type List ${key} { id: ID! }`, { Query: { list: { id: 1 } } }),
      b: part(
        `type List ${key} { id: ID! first: Song @provides(fields: "title") } type Song ${key} { id: ID! title: String @external }`,
        {
          List: { first: { id: 1, title: 'given' } },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ list { first { title } } }')).toEqual({ list: { first: { title: 'given' } } })
    expect(asked(graph)).toEqual(['a', 'b'])
  })

  it('MUST F188 leaves what is not given to its owner, in one question', async () => {
    const graph = federated({
      a: part(
        `type Query { best: Song @provides(fields: "title") } type Song ${key} { id: ID! title: String @external }`,
        {
          Query: { best: { id: 1, title: 'given' } },
        },
      ),
      own,
    })
    expect(await dataOf(graph, '{ best { title length } }')).toEqual({ best: { title: 'given', length: 1 } })
    expect(graph.sent[1]?.query).not.toMatch(/title/)
  })
})
