import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GraphQLError } from 'graphql'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

let gateway: TestGateway
let bought = 0
let isBusy = false

const PARTS = {
  shop: {
    sdl: 'type Query { hello: String } type Mutation { buy(what: String): Int }',
    resolvers: {
      Query: { hello: () => 'hi' },
      Mutation: {
        buy: () => {
          if (isBusy) throw new GraphQLError('later', { extensions: { code: 'BUSY' } })
          return ++bought
        },
      },
    },
  },
}

describe('a mutation with an Idempotency-Key over HTTP', () => {
  beforeEach(async () => {
    ;[bought, isBusy] = [0, false]
    gateway = await openTestGateway(PARTS)
  })
  afterEach(() => gateway.stop())

  const buy = async (what: string, some: { member?: string; key?: string } = {}) => {
    const { member = 'ann', key = 'k' } = some
    const headers = { authorization: `Bearer ${member}`, 'idempotency-key': key }
    const body = { query: 'mutation($what: String) { buy(what: $what) }', variables: { what } }
    const response = await gateway.post(body, headers)
    const { headers: told } = response
    return [await response.text(), told.get('idempotent-replayed'), told.get('retry-after')]
  }

  it('R01 has one effect and the same bytes, and the second answer says that it was given before', async () => {
    const [first, replayed] = await buy('tea')
    expect([first, replayed]).toEqual(['{"data":{"buy":1}}', null])
    expect(await buy('tea')).toEqual([first, 'true', null])
    expect(bought).toBe(1)
  })

  it('R02 is refused with another body', async () => {
    await buy('tea')
    expect((await buy('silk'))[0]).toContain('IDEMPOTENCY_MISMATCH')
    expect(bought).toBe(1)
  })

  it('R03 has one effect when it comes fifty times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => buy('tea')))
    expect(new Set(answers.map(([body]) => body)).size).toBe(1)
    expect(bought).toBe(1)
  })

  it('R06 may be tried again after it was too busy, and is told when', async () => {
    isBusy = true
    const [body, , retryAfter] = await buy('tea')
    expect([body?.includes('BUSY'), retryAfter]).toEqual([true, '1'])
    isBusy = false
    expect(await buy('tea')).toEqual(['{"data":{"buy":1}}', null, null])
  })

  it("is another's under the same key of somebody else", async () => {
    await buy('tea')
    expect((await buy('tea', { member: 'bob' }))[0]).toBe('{"data":{"buy":2}}')
  })

  it('is refused when the key is no key', async () => {
    expect((await buy('tea', { key: 'x'.repeat(201) }))[0]).toContain('BAD_REQUEST')
    expect(bought).toBe(0)
  })
})
