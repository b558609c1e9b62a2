import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
  createUnionType,
} from 'type-graphql'
import { Failure } from '../../../platform/failure.js'
import { silent } from '../../../platform/observe/observer.js'
import type { Bus } from '../../../platform/bus/bus.js'
import type { Database } from '../../../platform/db/database.js'
import { ANONYMOUS } from '../../../schema/identity.js'
import { runSubgraph, type HostedSubgraph, type SubgraphReply } from '../run.js'
import { buildFederatedSubgraph } from './federated-schema.js'
import { NodeType } from './node.js'
import { Payload } from './user-error.js'
import { payload } from './payload.js'
import { DateTime } from './scalars.js'
import type { Ground } from '../subgraph.js'
import { systemChance } from '../../../platform/time/chance.js'
import { systemClock } from '../../../platform/time/clock.js'

@Directive('@key(fields: "id")')
@ObjectType('Book', { implements: NodeType, description: 'A book.' })
class BookType extends NodeType {
  @Directive('@shareable')
  @Field(() => String, { description: 'Its title.' })
  title!: string

  @Field(() => DateTime, { description: 'When it was printed.' })
  printedAt!: Date
}

@ObjectType('Leaflet', { description: 'Not quite a book.' })
class LeafletType {
  @Field(() => String, { description: 'Its words.' })
  words!: string
}

const ReadingType = createUnionType({ name: 'Reading', types: () => [BookType, LeafletType] as const })

@ObjectType('BurnPayload', { description: 'What became of it.' })
class BurnPayload extends Payload {
  @Field(() => BookType, { nullable: true, description: 'The book.' })
  book?: BookType
}

const BOOK = Object.freeze({ __typename: 'Book', id: 'Book:1', title: 'One', printedAt: new Date(0) })
let loaded: string[][] = []

const noRows = { rows: [], count: 0 }
const db = {
  query: () => Promise.resolve(noRows),
  transaction: <T>(work: (tx: Database) => Promise<T>): Promise<T> => work(db),
  close: () => Promise.resolve(),
}
// The bus is never touched here.
const nowhere: Ground = { db, bus: {} as Bus, clock: systemClock, chance: systemChance, observer: silent }

@Resolver(() => BookType)
class BookResolver {
  @Query(() => [ReadingType], { description: 'All there is.' })
  readings(): readonly object[] {
    return [BOOK, { __typename: 'Leaflet', words: 'Hear!' }]
  }

  @Query(() => String, { description: 'Fails.' })
  broken(@Arg('refuse', () => Boolean) refuse: boolean): string {
    throw refuse ? new Failure('CONFLICT', 'it moved', { details: { place: 'x' } }) : new Error('secret')
  }

  @Mutation(() => BurnPayload, { description: 'Refuses.' })
  burn(@Arg('id', () => ID) id: string): Promise<object> {
    return payload(() => Promise.reject(new Failure('NOT_FOUND', `no ${id}`)))
  }

  @Subscription(() => BookType, { subscribe: () => twice(), description: 'Books as they come.' })
  printed(@Root() book: BookType, @Ctx() context: object): BookType {
    loaded.push(Object.keys(context))
    return book
  }
}

async function* twice(): AsyncGenerator<object> {
  yield await Promise.resolve(BOOK)
  yield await Promise.resolve(BOOK)
}

const schema = buildFederatedSubgraph({
  resolvers: [BookResolver],
  references: { Book: ({ id }) => (id === BOOK.id ? BOOK : null) },
  orphans: [LeafletType],
})

describe('a federated subgraph', () => {
  let hosted: HostedSubgraph
  const ask = (query: string, variables: Record<string, unknown> = {}) => hosted.ask({ query, variables }, ANONYMOUS)

  beforeAll(async () => {
    const start = () => Promise.resolve({ context: () => ({ fresh: true }), doors: [], stop: () => Promise.resolve() })
    hosted = await runSubgraph({ name: 'books', migrations: [], schema, start }, nowhere)
  })
  afterAll(() => hosted.stop())

  it('prints its directives and descriptions', async () => {
    const { data } = await ask('{ _service { sdl } }')
    const sdl = JSON.stringify(data)
    expect(sdl).toContain('type Book implements Node\\n  @key(fields: \\"id\\")')
    expect(sdl).toContain('title: String! @shareable')
    expect(sdl).toContain('Its title.')
  })

  it('resolves unions and interfaces of plain rows, compiled or not', async () => {
    const query = '{ readings { __typename ... on Book { id printedAt } ... on Leaflet { words } } }'
    const expected = {
      readings: [
        { __typename: 'Book', id: 'Book:1', printedAt: '1970-01-01T00:00:00.000Z' },
        { __typename: 'Leaflet', words: 'Hear!' },
      ],
    }
    for (const answer of [await ask(query), await ask(query), await ask(query)])
      expect(answer).toEqual({ data: expected })
  })

  it('finds entities by reference, also frozen ones, and gives null for what is not there', async () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Book { title } } }'
    const r = ['Book:1', 'Book:2', 'Book:1'].map((id) => ({ __typename: 'Book', id }))
    const expected = { _entities: [{ title: 'One' }, null, { title: 'One' }] }
    for (const answer of [await ask(query, { r }), await ask(query, { r })]) expect(answer).toEqual({ data: expected })
  })

  it('tells a refusal with its code, and nothing of a fault, compiled or not', async () => {
    const told = [{ message: 'it moved', path: ['broken'], extensions: { code: 'CONFLICT', place: 'x' } }]
    for (let round = 0; round < 3; round++) {
      expect((await ask('{ broken(refuse: true) }')).errors).toEqual(told)
      const failed = await ask('{ broken(refuse: false) }')
      expect(failed.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' })
      expect(JSON.stringify(failed)).not.toContain('secret')
    }
  })

  it('gives the refusal of a mutation as data', async () => {
    const { data } = await ask(
      'mutation { burn(id: "Book:9") { book { id } errors { __typename code message field } } }',
    )
    expect(data).toEqual({
      burn: { book: null, errors: [{ __typename: 'Refusal', code: 'NOT_FOUND', message: 'no Book:9', field: null }] },
    })
  })

  it('refuses a document with several operations, each time', async () => {
    const query = 'query A { readings { __typename } } query B { broken(refuse: true) }'
    for (let round = 0; round < 3; round++)
      expect((await ask(query)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('refuses a document that does not fit, and a variable that does not', async () => {
    expect((await ask('{ nothing }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    expect((await ask('query ($a: Boolean!) { broken(refuse: $a) }', { a: 3 })).errors?.[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  it('gives every event of a subscription a context of its own', async () => {
    loaded = []
    const told: unknown[] = []
    for await (const reply of await hosted.subscribe({ query: 'subscription { printed { title } }' }, ANONYMOUS))
      told.push(reply)
    expect(told).toEqual([{ data: { printed: { title: 'One' } } }, { data: { printed: { title: 'One' } } }])
    expect(loaded).toHaveLength(2)
  })

  it('validates a subscription before it begins', async () => {
    const stream = await hosted.subscribe({ query: 'subscription { printed { pages } }' }, ANONYMOUS)
    const { value } = (await stream.next()) as { value: SubgraphReply }
    expect(value.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })
})
