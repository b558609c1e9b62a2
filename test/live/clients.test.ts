import { ApolloClient, gql, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient, type Client as SocketClient, type Sink } from 'graphql-ws'
import WebSocket from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, testRoom, type TestRoom } from './room.js'

const WATCH = 'subscription W { happened(room: 1) { seq product { title } } }'

let room: TestRoom
let gateway: TestGateway
const sockets: SocketClient[] = []
beforeEach(async () => {
  room = testRoom(LIVE_ROOM)
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) await socket.dispose()
  await gateway.stop()
})

function socket(): SocketClient {
  const made = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
  sockets.push(made)
  return made
}

/** Two events, one after the other, as the client gives them; then it leaves, and its upstream is closed. */
async function watchedBy(begin: (hear: (data: unknown) => void) => () => void): Promise<void> {
  const heard: unknown[] = []
  const leave = begin((data) => heard.push(data))
  await until(() => gateway.live.viewers === 1)
  for (const seq of [1, 2]) {
    room.tell({ seq, product: { id: `p${seq}` } })
    await until(() => heard.length === seq)
  }
  expect(heard).toMatchObject([1, 2].map((seq) => ({ happened: { seq, product: { title: `Tp${seq}` } } })))
  leave()
  await until(() => room.open === 0)
}

describe('a subscription', () => {
  it('reaches Apollo Client through its WebSocket link', async () => {
    const client = new ApolloClient({ link: new GraphQLWsLink(socket()), cache: new InMemoryCache() })
    await watchedBy((hear) => {
      const subscription = client.subscribe({ query: gql(WATCH) }).subscribe(({ data }) => hear(data))
      return () => subscription.unsubscribe()
    })
  })

  it('reaches urql through graphql-ws', async () => {
    const forward = socket()
    const exchange = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        // Both speak of one result, which urql's type lets have no data.
        subscribe: (sink) => ({
          unsubscribe: forward.subscribe({ query, ...(variables && { variables }) }, sink as Sink),
        }),
      }),
    })
    const client = new Client({ url: gateway.url, preferGetMethod: false, exchanges: [exchange] })
    await watchedBy((hear) => {
      const subscription = client.subscription(WATCH, {}).subscribe(({ data }) => hear(data))
      return () => subscription.unsubscribe()
    })
  })

  it('reaches urql through fetch alone', async () => {
    const client = new Client({
      url: `${gateway.url}/graphql`,
      fetchSubscriptions: true,
      preferGetMethod: false,
      exchanges: [fetchExchange],
    })
    await watchedBy((hear) => {
      const subscription = client.subscription(WATCH, {}).subscribe(({ data }) => hear(data))
      return () => subscription.unsubscribe()
    })
  })
})
