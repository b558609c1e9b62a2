import { describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../schema/identity.js'
import { gatewayConfig } from '../config.js'
import type { FetchContext } from './ask-subgraph.js'
import { headerRules, type HeaderSettings } from './header-rules.js'

const NOTHING: HeaderSettings = { headers: [], headersOf: {}, withoutToken: [] }
const brought = { 'x-tenant': 'a', 'accept-language': 'zh', 'x-other': 'o' }
const context: FetchContext = {
  who: ANONYMOUS,
  authorization: 'Bearer t',
  requestId: 'r',
  signal: null,
  carried: { headers: brought, until: Infinity, span: null },
}

describe("a client's headers", () => {
  it('stay here when nothing is said of them, but for the token', () => {
    const rules = headerRules(NOTHING)
    expect([rules.names, rules.of('stock', context)]).toEqual([[], { authorization: 'Bearer t' }])
  })

  it('go to all subgraphs, or to one, when they are named', () => {
    const rules = headerRules({ ...NOTHING, headers: ['X-Tenant'], headersOf: { stock: ['accept-language'] } })
    expect(rules.names).toEqual(['x-tenant', 'accept-language'])
    expect(rules.of('stock', context)).toEqual({
      authorization: 'Bearer t',
      'x-tenant': 'a',
      'accept-language': 'zh',
    })
    expect(rules.of('catalog', context)).toEqual({ authorization: 'Bearer t', 'x-tenant': 'a' })
  })

  it('go without the token to a subgraph that has no business with it', () => {
    expect(headerRules({ ...NOTHING, withoutToken: ['weather'] }).of('weather', context)).toEqual({})
  })

  it.each(['Connection', 'keep-alive', 'TE', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-authorization'])(
    'are refused in the settings where they end with the connection: %s',
    (name) => expect(() => gatewayConfig('open', { fetch: { headers: [name] } })).toThrow(/never passed on/),
  )

  it.each(['host', 'content-length', 'x-daihuo-signature', 'x-timeout-ms', 'authorization'])(
    'are refused in the settings where we speak for ourselves: %s',
    (name) => expect(() => gatewayConfig('open', { fetch: { headersOf: { a: [name] } } })).toThrow(/never passed on/),
  )

  it('are refused in the settings when they are none', () => {
    expect(() => gatewayConfig('open', { fetch: { headers: ['x y'] } })).toThrow(/is no header/)
    expect(() => gatewayConfig('open', { fetch: { headersOf: { a: 'x' } } })).toThrow(/headersOf\.a must be a list/)
  })
})
