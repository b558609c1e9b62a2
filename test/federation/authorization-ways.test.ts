import { describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../schema/identity.js'
import { ann, as, refusals, sentTo } from '../support/askers.js'
import { composed, federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

/** Two kinds of media, one of them for members. */
const MEDIA: Readonly<Record<string, TestSubgraph>> = {
  media: {
    sdl: `type Query { media: [Media] any: [Any] book: Book film: Film } interface Media { title: String } union Any = Book | Film
      type Book implements Media { title: String pages: Int } type Film implements Media { title: String @authenticated minutes: Int }`,
    resolvers: {
      Query: {
        media: () => [
          { __typename: 'Book', title: 'b' },
          { __typename: 'Film', title: 'f', minutes: 90 },
        ],
        any: () => [
          { __typename: 'Book', title: 'b' },
          { __typename: 'Film', title: 'f', minutes: 90 },
        ],
        book: () => ({ title: 'b' }),
        film: () => ({ title: 'f' }),
      },
    },
  },
}
const FILM_WHOLE: Readonly<Record<string, TestSubgraph>> = {
  media: {
    ...MEDIA['media'],
    sdl: (MEDIA['media']?.sdl ?? '')
      .replace('@authenticated', '')
      .replace('Film implements Media', 'Film implements Media @authenticated'),
  },
}
/** As composed before interfaces were told what their implementations need. */
const interfaceUntold = (supergraph: string): string =>
  supergraph.replace(
    /(interface Media[^{]*)\{([^}]*)\}/,
    (_, head: string, body: string) => `${head.replace('@authenticated', '')}{${body.replace('@authenticated', '')}}`,
  )

describe('a field protected on an implementation', () => {
  it.each([
    ['as composed today', composed(MEDIA)],
    ['as composed by those who do not tell the interface', interfaceUntold(composed(MEDIA))],
  ])('MUST F841 S11 is denied through the interface, %s', async (_, supergraph) => {
    const graph = federated(MEDIA, { supergraph })
    const answer = await as(graph, ANONYMOUS, '{ media { __typename title } }')
    expect(answer.data).toEqual({
      media: [
        { __typename: 'Book', title: null },
        { __typename: 'Film', title: null },
      ],
    })
    expect(refusals(answer)).toEqual([
      ['media', 0, 'title'],
      ['media', 1, 'title'],
    ])
    expect(sentTo(graph, 'media').join()).not.toContain('title')
  })

  it('MUST F842 S11 is denied through a fragment on the interface in the object', async () => {
    const graph = federated(MEDIA)
    expect(
      (await as(graph, ANONYMOUS, '{ book { ... on Media { title } } film { ... on Media { title } } }')).data,
    ).toEqual({ book: { title: null }, film: { title: null } })
    expect(sentTo(graph, 'media').join()).not.toContain('title')
    expect((await as(graph, ann, '{ book { ... on Media { title } } }')).data).toEqual({ book: { title: 'b' } })
  })

  it('MUST F843 is served on the implementations that do not protect it', async () => {
    const answer = await as(
      federated(MEDIA),
      ANONYMOUS,
      '{ book { title } any { ... on Book { title } ... on Film { title minutes } } }',
    )
    expect(answer.data).toEqual({ book: { title: 'b' }, any: [{ title: 'b' }, { title: null, minutes: 90 }] })
    expect(refusals(answer)).toEqual([['any', 1, 'title']])
  })

  it('MUST F844 is denied where both ways lead to it, and served where one of them may', async () => {
    const answer = await as(
      federated(MEDIA),
      ANONYMOUS,
      '{ media { title ... on Book { title } ... on Film { title } } }',
    )
    expect(answer.data).toEqual({ media: [{ title: 'b' }, { title: null }] })
  })
})

describe('a protected type', () => {
  it('MUST F845 is not shown where it stands among others', async () => {
    const graph = federated(FILM_WHOLE)
    const answer = await as(graph, ANONYMOUS, '{ any { __typename ... on Book { title } ... on Film { minutes } } }')
    expect(answer.data).toEqual({ any: [{ __typename: 'Book', title: 'b' }, null] })
    expect(refusals(answer)).toEqual([['any', 1]])
    expect(sentTo(graph, 'media').join()).not.toContain('minutes')
  })

  it('MUST F846 S11 denies the interface that it implements, as the supergraph says', async () => {
    const answer = await as(federated(FILM_WHOLE), ANONYMOUS, '{ media { title } book { title } }')
    expect(answer.data).toEqual({ media: null, book: { title: 'b' } })
  })
})

describe('a field that leads to an interface', () => {
  it('MUST F850 S11 is asked by it also where an implementation leads to a narrower type', async () => {
    const graph = federated({
      a: {
        sdl: `type Query { owner: Owner } interface Owner { pet: Pet } interface Pet { name: String } type Ann implements Owner { pet: Cat }
          type Cat implements Pet { name: String } type Dog implements Pet { name: String @authenticated }`,
        resolvers: { Query: { owner: () => ({ __typename: 'Ann', pet: { name: 'Mao' } }) } },
      },
    })
    const answer = await as(graph, ANONYMOUS, '{ owner { pet { name } ... on Ann { own: pet { name } } } }')
    expect(answer.data).toEqual({ owner: { pet: { name: null }, own: { name: 'Mao' } } })
    expect(refusals(answer)).toEqual([['owner', 'pet', 'name']])
  })
})

describe('a field protected on an interface', () => {
  const plain = { media: { ...MEDIA['media'], sdl: (MEDIA['media']?.sdl ?? '').replace('@authenticated', '') } }
  // Composition refuses to write this any more; a supergraph of another composer may still say it.
  const supergraph = composed(MEDIA).replace(/(type Film[^}]*title: String) @authenticated/, '$1')

  it('MUST F847 S13 is refused by composition', () => {
    const sdl =
      'type Query { media: Media } interface Media { title: String @authenticated } type Book implements Media { title: String }'
    expect(() => composed({ a: { sdl } })).toThrow(/cannot be applied on interfaces/)
  })

  it.each([
    '{ media { title } }',
    '{ media { ... on Book { title } ... on Film { title } } }',
    '{ media { ... on Book { ...B } ... on Film { other: title } } } fragment B on Book { title }',
  ])('MUST F848 S13 is served to nobody who may not see it: %s', async (query) => {
    const graph = federated(plain, { supergraph })
    const answer = await as(graph, ANONYMOUS, query)
    expect(JSON.stringify(answer.data)).not.toMatch(/"[bf]"/)
    expect(refusals(answer)).toHaveLength(2)
    expect((await as(graph, ann, query)).errors).toBeUndefined()
  })

  it('MUST F849 S13 is denied on the object itself, too', async () => {
    expect((await as(federated(plain, { supergraph }), ANONYMOUS, '{ book { title } }')).data).toEqual({
      book: { title: null },
    })
  })
})

/** A price that is made of a secret, and a label that is made of the price. */
const chain = (protection: string): Readonly<Record<string, TestSubgraph>> => ({
  facts: {
    sdl: `type Query { item: Item } type Item @key(fields: "id") { id: ID! secret: Int @authenticated plain: Int }`,
    resolvers: { Query: { item: () => ({ id: 'i' }) }, Item: { ...itself, secret: () => 5, plain: () => 1 } },
  },
  prices: {
    sdl: `type Item @key(fields: "id") { id: ID! secret: Int @external price: Int @requires(fields: "secret") ${protection} }`,
    resolvers: { Item: { ...itself, price: ({ secret }: { secret: number }) => secret * 2 } },
  },
  labels: {
    sdl: `type Item @key(fields: "id") { id: ID! price: Int @external label: String @requires(fields: "price") ${protection} }`,
    resolvers: { Item: { ...itself, label: ({ price }: { price: number }) => `costs ${price}` } },
  },
})
/** A supergraph whose dependent fields were not told what they depend on. */
const untold = (field: RegExp): string =>
  composed(chain('@authenticated')).replace(field, (line) => line.replace(' @authenticated', ''))

describe('a field that is made of a protected one', () => {
  it('MUST F851 S14 is refused by composition when it is not protected itself', () => {
    expect(() => composed(chain(''))).toThrow(/does not specify necessary @authenticated/)
  })

  it('MUST F852 S14 is denied at run time where composition let it pass, also at the end of a chain', async () => {
    const graph = federated(chain('@authenticated'), { supergraph: untold(/(price|label): .*/g) })
    const answer = await as(graph, ANONYMOUS, '{ item { plain price label } }')
    expect(answer.data).toEqual({ item: { plain: 1, price: null, label: null } })
    expect(graph.sent.map(({ query }) => query).join()).not.toMatch(/secret|price|label/)
    expect((await as(graph, ann, '{ item { price label } }')).data).toEqual({ item: { price: 10, label: 'costs 10' } })
  })

  it('MUST F853 S14 is denied when the protected one comes from a context', async () => {
    const parts = {
      a: {
        sdl: `type Query { shop: Shop } type Shop @key(fields: "id") @context(name: "shop") { id: ID! secret: String! @authenticated item: Item! }
          type Item @key(fields: "id") { id: ID! price(secret: String @fromContext(field: "$shop { secret }")): String @authenticated name: String }`,
        resolvers: {
          Query: { shop: () => ({ id: 1, secret: 's' }) },
          Shop: { ...itself, secret: () => 's', item: () => ({ id: 'i', name: 'n' }) },
          Item: { ...itself, price: (_: unknown, { secret }: { secret: string }) => `told ${secret}` },
        },
      },
      b: { sdl: 'type Query { other: Int }' },
    }
    const supergraph = composed(parts).replace(/price: String.*/, (line) => line.replace('@authenticated', ''))
    const graph = federated(parts, { supergraph })
    const answer = await as(graph, ANONYMOUS, '{ shop { item { name price } } }')
    expect(answer.data).toEqual({ shop: { item: { name: 'n', price: null } } })
    expect(graph.sent.map(({ query }) => query).join()).not.toContain('secret')
    expect((await as(graph, ann, '{ shop { item { price } } }')).data).toEqual({ shop: { item: { price: 'told s' } } })
  })
})
