import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway({
    shop: { sdl: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'hi' } } },
  })
})
afterAll(() => gateway.stop())

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${gateway.url}/graphql` }))
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      if (result.status === 'ok') return
      expect.fail(
        `${result.status}: ${result.reason} (${result.response.status} ${await result.response.clone().text()})`,
      )
    })
})
