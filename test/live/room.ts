import { buildSchema, execute, parse, type ExecutionResult } from 'graphql'
import { channel, type Channel } from '../../gateway/fetch/channel.js'
import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from '../../gateway/fetch/ask-subgraph.js'
import type { TestSubgraph } from '../support/federated.js'

/** A graph with a live field whose events the test makes, and entity fields of another subgraph. */
export interface TestRoom {
  readonly parts: Readonly<Record<string, TestSubgraph>>
  /** Stands in for the way to the rooms' subscriptions. */
  readonly subscribe: Subgraphs['subscribe']
  /** Tells one event to all upstreams of the room; an upstream with `after: "n"` is first told all but the first n. */
  tell(event: Readonly<Record<string, unknown>>): void
  /** Ends all upstreams of the room. */
  end(error?: Error): void
  /** Upstreams now open, and all that ever were. */
  readonly open: number
  readonly opened: number
  /** What the upstreams were asked, in order. */
  readonly asked: readonly SubgraphRequest[]
  /** How often the other subgraph was asked for entities. */
  readonly fetched: { times: number }
}

const SDL = `type Query { rooms: Int }
  type Mutation { like: Int }
  type Subscription { happened(room: ID!, after: String): Happening }
  type Happening { seq: Int cursor: String text: String mine: String product: Product }
  type Product @key(fields: "id", resolvable: false) { id: ID! }`

const LIVE = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible", "@composeDirective", "@requiresScopes"])
    @link(url: "https://daihuo.example/live/v1.0", import: ["@live"])
    @composeDirective(name: "@live")
  directive @live(shared: Boolean, personal: Boolean, viewer: String, cursor: String, resume: String, gap: String, conflate: String, maxPerSecond: Float)
    on FIELD_DEFINITION | OBJECT
  `

/** The room's schema where, beside that, the newest text of a product replaces the one before it, four times a second. */
export function conflatingRoom(): string {
  return LIVE_ROOM.replace('type Happening {', 'type Happening @live(conflate: "product { id }", maxPerSecond: 4) {')
}

/** The room's schema where it says by `@live` that all watch the same, and how they go on. */
export const LIVE_ROOM =
  LIVE +
  SDL.replace(
    'after: String): Happening',
    'after: String): Happening @live(shared: true, resume: "after", cursor: "cursor")',
  ).replace('mine: String', 'mine: String @live(personal: true)')

/** The catalog's schema where a product has a rank of each viewer's own. */
export const RANKED_CATALOG =
  LIVE +
  `type Query { hello: String ranks(members: [ID!]!, ids: [ID!]!): [[Int]!]! @inaccessible }
  type Product @key(fields: "id") { id: ID! title: String rank: Int @live(viewer: "ranks") }`

export function testRoom(sdl = SDL): TestRoom {
  const upstreams = new Map<Channel<SubgraphAnswer>, SubgraphRequest>()
  // It can tell a product's title itself, should a new supergraph have it asked here.
  const told = SDL.replace('{ id: ID! }', '{ id: ID! title: String }')
  const schema = buildSchema(`directive @key(fields: String!, resolvable: Boolean) on OBJECT ${told}`)
  const fetched = { times: 0 }
  const events: object[] = []
  const asked: SubgraphRequest[] = []
  let opened = 0
  function tellTo(line: Channel<SubgraphAnswer>, { query, variables }: SubgraphRequest, event: object): void {
    const execution = { schema, document: parse(query), variableValues: { ...variables } }
    // Nothing here waits, so what graphql-js gives is no promise; the text in between is the wire's.
    const answer = execute({ ...execution, rootValue: { happened: event } }) as ExecutionResult
    line.push(JSON.parse(JSON.stringify(answer)) as SubgraphAnswer)
  }
  return {
    fetched,
    asked,
    subscribe(request) {
      const line = channel<SubgraphAnswer>(1_000, () => upstreams.delete(line))
      upstreams.set(line, request)
      asked.push(request)
      const after = request.variables['after']
      if (typeof after === 'string') for (const event of events.slice(Number(after))) tellTo(line, request, event)
      opened++
      return Promise.resolve(line)
    },
    get open() {
      return upstreams.size
    },
    get opened() {
      return opened
    },
    tell(event) {
      events.push(event)
      for (const [line, request] of upstreams) tellTo(line, request, event)
    },
    end(error) {
      for (const line of [...upstreams.keys()]) {
        if (error === undefined) line.end()
        else line.fail(error)
      }
    },
    parts: {
      rooms: {
        sdl,
        resolvers: { Query: { rooms: () => 1 }, Mutation: { like: () => 7 } },
      },
      catalog: {
        sdl: 'type Query { hello: String } type Product @key(fields: "id") { id: ID! title: String }',
        resolvers: {
          Query: { hello: () => 'hi' },
          Product: {
            __resolveReference({ id }: { id: string }) {
              fetched.times++
              return { id, title: `T${id}` }
            },
          },
        },
      },
    },
  }
}
