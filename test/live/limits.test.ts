import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAside } from '../../gateway/aside/aside.js'
import { counting } from '../support/counting.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { trustedDocuments } from '../../gateway/edge/trusted-documents.js'
import { BY_ID, manifestOf, TRANSPORTS } from './transports.js'
import { openAcknowledged } from './wire.js'

const limits = {
  bodyBytes: 60_000,
  characters: 5_000,
  tokens: 500,
  nesting: 40,
  depth: 5,
  height: 100,
  aliases: 5,
  rootFields: 8,
  directives: 6,
  pairs: 300,
  cost: 1_000,
}
let gateway: TestGateway
const observer = counting()

beforeAll(async () => {
  gateway = await openTestGateway(
    {
      shop: {
        sdl: `type Query { hello: String me: Me } type Me { friend: Me a: Me b: Me c: Me d: Me name: String friends(first: Int): [Me] @listSize(slicingArguments: ["first"]) }
          type Subscription { a: Me }`,
        resolvers: { Query: { hello: () => 'hi', me: () => ({ name: 'me' }) } },
      },
    },
    {
      documents: trustedDocuments(
        manifestOf({ ...Object.fromEntries(REFUSED.map(([name, query]) => [idOf(name), query])), within: WITHIN }),
        false,
      ),
      config: { limits, batch: 2, introspection: false },
      openAside,
      observer,
    },
  )
})
afterAll(() => gateway.stop())

const repeated = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join(' ')
/** So many characters that it is read beside the event loop. */
const large = (query: string): string => (query.length < 2_000 ? `${query} #`.padEnd(2_000, '.') : query)
const deep = (levels: number): string => `${'{ friend '.repeat(levels)}{ name }${' }'.repeat(levels)}`
/**
 * Many fields that stand at few places each: nothing else about it is too much. In an operation that is not the one to run, only the
 * limit on height minds them: the engine unfolds what it runs.
 */
const high = (levels: number): string =>
  levels === 0 ? '{ name }' : `{ ${['a', 'b', 'c', 'd'].map((name) => `${name} ${high(levels - 1)}`).join(' ')} }`
/** Few fields in many fragments: only the engine minds them, which unfolds what it runs. */
const inlined = (levels: number): string => `${'{ ... '.repeat(levels)}{ name }${' }'.repeat(levels)}`
/** Named fragments, each spreading the next twice: a short text that unfolds to 2^16 fields. */
const doubling = `{ me { ...F0 } } ${repeated(16, (at) => `fragment F${at} on Me { a${at}: name ...F${at + 1} ...F${at + 1} }`)} fragment F16 on Me { name }`

const WITHIN = `{ me ${deep(3)} }`
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['too deep', `{ me ${deep(6)} }`, 'LIMIT_EXCEEDED'],
  ['too deep, as a subscription', `subscription { a ${deep(6)} }`, 'LIMIT_EXCEEDED'],
  ['too deep through fragments', `{ me { ...D } } fragment D on Me { friend ${deep(5)} }`, 'LIMIT_EXCEEDED'],
  ['S05 of fragments that double', doubling, 'LIMIT_EXCEEDED'],
  ['of too many aliases', `{ ${repeated(6, (at) => `a${at}: hello`)} }`, 'LIMIT_EXCEEDED'],
  ['S32 that asks for more than can be had', '{ me { friends(first: 99999999) { name } } }', 'LIMIT_EXCEEDED'],
  [
    'S07 that asks for more than can be counted',
    `{ me { friends(first: 2147483647) { friends(first: 2147483647) { name } } } }`,
    'LIMIT_EXCEEDED',
  ],
  ['S32 that does not say how many it wants', '{ me { friends { name } } }', 'LIMIT_EXCEEDED'],
  ['of too many root fields', `{ ${repeated(9, () => 'hello')} }`, 'LIMIT_EXCEEDED'],
  ['of too many fields in all', `query One { hello } query High { me ${high(3)} }`, 'LIMIT_EXCEEDED'],
  [
    'that unfolds to too many fragments',
    `{ me { ${['a', 'b', 'c', 'd'].map((name) => `${name} ${inlined(30)}`).join(' ')} } }`,
    'LIMIT_EXCEEDED',
  ],
  ['of too many directives', `{ hello ${repeated(7, () => '@include(if: true)')} }`, 'LIMIT_EXCEEDED'],
  ['S04 of too many fields that meet', `{ me { ${repeated(26, () => 'name')} } }`, 'LIMIT_EXCEEDED'],
  ['of too many characters', `{ hello } #${'x'.repeat(5_000)}`, 'LIMIT_EXCEEDED'],
  ['S04 of too many tokens', `{ ${repeated(600, () => 'hello')} }`, 'GRAPHQL_PARSE_FAILED'],
  ['S34 nested without end', '{'.repeat(4_000), 'GRAPHQL_PARSE_FAILED'],
  ['S31 of introspection that is switched off', '{ __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['S33 for _entities', '{ _entities(representations: []) { __typename } }', 'GRAPHQL_VALIDATION_FAILED'],
]

/** Under which each of them is among the trusted documents. */
function idOf(title: string): string {
  return title.replaceAll(/\W/g, '-')
}

for (const [name, send] of Object.entries(TRANSPORTS))
  describe(`S10 over ${name}, an operation`, () => {
    it.each(REFUSED)('%s is refused', async (_, query, code) => {
      expect((await send(gateway, query)).codes).toContain(code)
    })

    it.each(REFUSED)('%s is refused alike when it is large', async (_, query, code) => {
      expect((await send(gateway, large(query))).codes).toContain(code)
    })

    it('S32 that asks for too many by a variable is refused, and for few is answered', async () => {
      const query = 'query ($n: Int) { me { friends(first: $n) { name } } }'
      expect((await send(gateway, query, { n: 99_999_999 })).codes).toContain('LIMIT_EXCEEDED')
      expect(await send(gateway, query, { n: 3 })).toEqual({ codes: [], data: { me: { friends: null } } })
    })

    it('within the limits is answered', async () => {
      const answer = { codes: [], data: { me: { friend: null } } }
      expect(await send(gateway, WITHIN)).toEqual(answer)
      expect(await send(gateway, `{ me ${high(2)} }`)).toMatchObject({ codes: [] })
      expect(await send(gateway, large(WITHIN))).toEqual(answer)
    })
  })

for (const [name, send] of Object.entries(BY_ID))
  describe(`S10 over ${name}, a trusted document`, () => {
    it.each(REFUSED)('%s is refused like any other', async (title, _, code) => {
      expect((await send(gateway, idOf(title))).codes).toContain(code)
    })

    it('within the limits is answered', async () => {
      expect(await send(gateway, 'within')).toEqual({ codes: [], data: { me: { friend: null } } })
    })
  })

describe('S10 a body that is too large', () => {
  const filler = 'x'.repeat(limits.bodyBytes)

  it.each(Object.keys(TRANSPORTS).filter((name) => !name.includes('GET') && name !== 'WebSocket'))(
    'is refused over %s',
    async (name) => {
      expect(await TRANSPORTS[name]?.(gateway, '{ hello }', { filler })).toEqual({
        codes: ['REQUEST_TOO_LARGE'],
        data: undefined,
      })
    },
  )

  it('is the end of a socket', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query: '{ hello }', variables: { filler } } })
    expect((await wire.closed()).code).toBe(1009)
  })

  it('has no place in an address', async () => {
    const search = new URLSearchParams({ query: '{ hello }', variables: JSON.stringify({ filler }) })
    expect((await fetch(`${gateway.url}/graphql?${search.toString()}`)).status).toBe(431)
  })
})

describe('S32 a subscription that asks for too many', () => {
  it.each(['SSE', 'SSE over GET', 'multipart', 'WebSocket'])('is refused over %s', async (name) => {
    const brought = await TRANSPORTS[name]?.(gateway, 'subscription { a { friends(first: 5000) { name } } }')
    expect(brought?.codes).toEqual(['LIMIT_EXCEEDED'])
  })
})

describe('a large document', () => {
  it('is read in one thread beside the event loop', () => {
    expect(observer.counted('aside.started')).toBe(1)
    expect(observer.counted('aside.ended')).toBe(0)
  })

  it('is planned there for each of its forms', async () => {
    const query = large('query ($deep: Boolean!) { me { name friend @include(if: $deep) { name } } }')
    const asked = (): number => observer.counted('cache.miss', { cache: 'plans' })
    const before = asked()
    for (const isDeep of [true, false, true])
      expect(await TRANSPORTS['POST']?.(gateway, query, { deep: isDeep })).toMatchObject({
        codes: [],
        data: { me: { name: 'me' } },
      })
    expect(asked() - before).toBe(2)
  })
})
