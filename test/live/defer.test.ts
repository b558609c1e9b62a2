import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assembled, partsOf } from '../support/assemble.js'
import { until } from '../support/until.js'
import { fakeClock } from '../support/fake-clock.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { TRANSPORTS } from './transports.js'

type Reference = Readonly<Record<string, unknown>>

let gateway: TestGateway
/** Lets the slow field answer. */
let answerSlow: () => void
beforeEach(async () => {
  const slow = new Promise<void>((resolve) => (answerSlow = resolve))
  gateway = await openTestGateway(
    {
      users: {
        sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String friends: [User!] }',
        resolvers: {
          Query: { me: () => ({ id: '1', name: 'Ann' }) },
          User: { __resolveReference: (it: Reference) => it, friends: () => [{ id: '2', name: 'Bob' }] },
        },
      },
      carts: {
        sdl: 'type User @key(fields: "id") { id: ID! cart: Int must: Int! }',
        resolvers: {
          User: {
            __resolveReference: (it: Reference) => it,
            cart: ({ id }: Reference) => slow.then(() => 10 * Number(id)),
            must: () => null,
          },
        },
      },
    },
    { config: { batch: 2 } },
  )
})
afterEach(() => {
  answerSlow()
  return gateway.stop()
})

const QUERY = 'query Q { me { id name ...C @defer(label: "c") } } fragment C on User { name cart }'
const ACCEPT = {
  'deferSpec=20220824': 'multipart/mixed;deferSpec=20220824,application/json;q=0.9',
  'incrementalSpec=v0.2': 'multipart/mixed;incrementalSpec=v0.2,application/json;q=0.9',
}

type Format = keyof typeof ACCEPT

function clientFor(format: Format, useGETForQueries = false): ApolloClient {
  const options = {
    link: new HttpLink({ uri: `${gateway.url}/graphql`, useGETForQueries }),
    cache: new InMemoryCache(),
  }
  if (format === 'deferSpec=20220824')
    return new ApolloClient({ ...options, incrementalHandler: new Defer20220824Handler() })
  // The library's types leave out `undefined` where its handler has it.
  const incrementalHandler = new GraphQL17Alpha9Handler() as unknown as Defer20220824Handler
  return new ApolloClient({ ...options, incrementalHandler })
}

describe.each<[Format]>([['deferSpec=20220824'], ['incrementalSpec=v0.2']])(
  '@defer for Apollo Client, %s,',
  (format) => {
    it.each([['POST'], ['GET']])('comes as the first part and then the rest, over %s', async (method) => {
      const client = clientFor(format, method === 'GET')
      const heard: unknown[] = []
      client
        .watchQuery({ query: gql(QUERY), fetchPolicy: 'network-only' })
        .subscribe(({ data, dataState, error }) => heard.push(structuredClone({ data, dataState, error })))
      await until(() => heard.some((one) => JSON.stringify(one).includes('Ann')))
      expect(JSON.stringify(heard)).not.toContain('cart')
      answerSlow()
      await until(() => JSON.stringify(heard.at(-1)).includes('"cart":10'))
      expect(heard.at(-1)).toMatchObject({ data: { me: { id: '1', name: 'Ann', cart: 10 } }, dataState: 'complete' })
      client.stop()
    })

    it('S25 tells an error of a deferred part with that part', async () => {
      const client = clientFor(format)
      const { data, error } = await client.query({
        query: gql('{ me { id name ... @defer { must } } }'),
        errorPolicy: 'all',
      })
      expect(data).toMatchObject({ me: { id: '1', name: 'Ann' } })
      expect(JSON.stringify(error)).toContain('must')
      client.stop()
    })

    it('is whole in the end, and ends', async () => {
      answerSlow()
      const response = await gateway.post({ query: QUERY }, { accept: ACCEPT[format] })
      expect(response.headers.get('content-type')).toBe(`multipart/mixed;boundary="-";${format}`)
      const parts = partsOf(await response.text())
      expect(parts.map(({ hasNext }) => hasNext)).toEqual([true, false])
      expect(assembled(parts)).toEqual({ data: { me: { id: '1', name: 'Ann', cart: 10 } }, errors: [] })
    })
  },
)

/** A multipart answer's text as it comes. */
async function streamed(
  query: string,
  accept: string = ACCEPT['incrementalSpec=v0.2'],
): Promise<{ text: string; response: Response; leave(): void }> {
  const leaving = new AbortController()
  const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept, 'accept-encoding': 'gzip' },
    signal: leaving.signal,
  })
  const heard = { text: '', response, leave: () => leaving.abort() }
  void (async () => {
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read())
      heard.text += decoder.decode(step.value)
  })().catch(() => undefined)
  return heard
}

describe('an answer in parts', () => {
  it('R29 shows that it is heard before the first part, and tells each as soon as it is there', async () => {
    let answer = (): void => undefined
    const waiting = new Promise<void>((resolve) => (answer = resolve))
    gateway.graph.disturb('users', () => waiting.then(() => ({ data: { me: { __typename: 'User', id: '1' } } })))
    const { response, ...heard } = await streamed('{ me { id ... @defer { cart } } }').then((one) => {
      answer()
      return { response: one.response, text: () => one.text }
    })
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-encoding')).toBeNull()
    await until(() => heard.text().includes('"hasNext":true'))
    expect(heard.text()).not.toContain('cart')
    answerSlow()
    await until(() => heard.text().endsWith('\r\n-----\r\n'))
  })

  it('has its fetches aborted, and no others sent, when the client leaves', async () => {
    const signals: ({ readonly aborted: boolean } | null)[] = []
    gateway.graph.disturb('carts', ({ context }) => {
      signals.push(context.signal)
      return new Promise(() => undefined)
    })
    const heard = await streamed('{ me { id ... @defer { cart friends { cart } } } }')
    await until(() => heard.text.includes('"hasNext":true') && signals.length === 2)
    heard.leave()
    await until(() => signals.every((signal) => signal?.aborted === true))
    expect(gateway.graph.sent.filter(({ subgraph }) => subgraph === 'carts')).toHaveLength(2)
  })

  it('is in the form that the client weighs more', async () => {
    answerSlow()
    const accept = 'multipart/mixed;incrementalSpec=v0.2;q=0.5, multipart/mixed; deferSpec="20220824"'
    const response = await gateway.post({ query: QUERY }, { accept })
    expect(response.headers.get('content-type')).toContain('deferSpec=20220824')
  })

  it.each([
    ['{ me { nothing ... @defer { cart } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($v: Boolean!) { me { id ... @defer(if: $v) { cart } } }', {}, 'BAD_USER_INPUT'],
    ['{ me { ', {}, 'GRAPHQL_PARSE_FAILED'],
  ])('is a refusal with its status when it is refused: %s', async (query, variables, code) => {
    const response = await gateway.post({ query, variables }, { accept: ACCEPT['incrementalSpec=v0.2'] })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  it.each(Object.entries(TRANSPORTS).filter(([name]) => !name.includes('@defer')))(
    'is one whole answer over %s',
    async (_, send) => {
      answerSlow()
      expect(await send(gateway, QUERY)).toEqual({ codes: [], data: { me: { id: '1', name: 'Ann', cart: 10 } } })
    },
  )

  it('tells a time-out with the part that waited', async () => {
    await gateway.stop()
    const clock = fakeClock()
    gateway = await openTestGateway(
      {
        users: {
          sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! }',
          resolvers: { Query: { me: () => ({ id: '1' }) } },
        },
        carts: { sdl: 'type User @key(fields: "id") { id: ID! cart: Int }' },
      },
      { clock, config: { fetch: { timeoutMs: 1_000 } } },
    )
    gateway.graph.disturb('carts', () => new Promise(() => undefined))
    const heard = await streamed('{ me { id ... @defer { cart } } }')
    await until(() => heard.text.includes('"hasNext":true'))
    await clock.advance(1_001)
    await until(() => heard.text.includes('"hasNext":false'))
    expect(assembled(partsOf(heard.text))).toMatchObject({
      data: { me: { id: '1', cart: null } },
      errors: [{ path: ['me', 'cart'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    })
  })
})
