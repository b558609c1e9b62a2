import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { TRANSPORTS } from './transports.js'

const limits = {
  characters: 5_000,
  tokens: 500,
  nesting: 40,
  depth: 5,
  height: 100,
  aliases: 5,
  rootFields: 8,
  directives: 6,
}
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway(
    {
      shop: {
        sdl: 'type Query { hello: String me: Me } type Me { friend: Me name: String } type Subscription { a: Me }',
        resolvers: { Query: { hello: () => 'hi', me: () => ({ name: 'me' }) } },
      },
    },
    { config: { limits, batch: 2, introspection: false } },
  )
})
afterAll(() => gateway.stop())

const repeated = (times: number, part: (at: number) => string): string =>
  Array.from({ length: times }, (_, at) => part(at)).join(' ')
const deep = (levels: number): string => `${'{ friend '.repeat(levels)}{ name }${' }'.repeat(levels)}`
/** Named fragments, each spreading the next twice: a short text that unfolds to 2^16 fields. */
const doubling = `{ me { ...F0 } } ${repeated(16, (at) => `fragment F${at} on Me { a${at}: name ...F${at + 1} ...F${at + 1} }`)} fragment F16 on Me { name }`

const REFUSED: readonly (readonly [string, string, string])[] = [
  ['too deep', `{ me ${deep(6)} }`, 'LIMIT_EXCEEDED'],
  ['too deep, as a subscription', `subscription { a ${deep(6)} }`, 'LIMIT_EXCEEDED'],
  ['too deep through fragments', `{ me { ...D } } fragment D on Me { friend ${deep(5)} }`, 'LIMIT_EXCEEDED'],
  ['S05 of fragments that double', doubling, 'LIMIT_EXCEEDED'],
  ['of too many aliases', `{ ${repeated(6, (at) => `a${at}: hello`)} }`, 'LIMIT_EXCEEDED'],
  ['of too many root fields', `{ ${repeated(9, () => 'hello')} }`, 'LIMIT_EXCEEDED'],
  ['of too many directives', `{ hello ${repeated(7, () => '@include(if: true)')} }`, 'LIMIT_EXCEEDED'],
  ['of too many characters', `{ hello } #${'x'.repeat(5_000)}`, 'LIMIT_EXCEEDED'],
  ['S04 of too many tokens', `{ ${repeated(600, () => 'hello')} }`, 'GRAPHQL_PARSE_FAILED'],
  ['S34 nested without end', '{'.repeat(4_000), 'GRAPHQL_PARSE_FAILED'],
  ['S31 of introspection that is switched off', '{ __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['S33 for _entities', '{ _entities(representations: []) { __typename } }', 'GRAPHQL_VALIDATION_FAILED'],
]

for (const [name, send] of Object.entries(TRANSPORTS))
  describe(`S10 over ${name}, an operation`, () => {
    it.each(REFUSED)('%s is refused', async (_, query, code) => {
      expect((await send(gateway, query)).codes).toContain(code)
    })

    it('within the limits is answered', async () => {
      expect(await send(gateway, `{ me ${deep(3)} }`)).toEqual({ codes: [], data: { me: { friend: null } } })
    })
  })
