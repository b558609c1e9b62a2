import { afterAll, beforeAll, describe, it } from 'vitest'
import { openTestGateway, type TestGateway } from '../open-test-gateway.js'
import { testRoom } from '../room.js'
import { SOCKET_SCENARIOS } from './socket-scenarios.js'
import { STREAM_SCENARIOS } from './stream-scenarios.js'

let gateway: TestGateway
beforeAll(async () => {
  const room = testRoom()
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config: { sockets: { initMs: 500 } } })
})
afterAll(() => gateway.stop())

const SUBSCRIPTION = 'subscription { happened(room: 1) { seq } }'

describe.each([
  ['a socket', SOCKET_SCENARIOS],
  ['a stream', STREAM_SCENARIOS],
] as const)('on the wire of %s', (_, scenarios) => {
  it.each(scenarios)('$says', async ({ holds }) => {
    await holds({ url: gateway.url, subscription: SUBSCRIPTION })
  })
})
