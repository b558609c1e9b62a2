import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

const SDL = `type Query { it: It its(first: Int): [It] @listSize(slicingArguments: ["first"]) } type It { it: It id: ID name: String }`
const its = (): readonly object[] => [{ id: '1' }]
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway(
    { shop: { sdl: SDL, resolvers: { Query: { it: () => ({ id: '1' }), its } } } },
    { profile: 'strict' },
  )
})
afterAll(() => gateway.stop())

const times = (many: number, part: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => part(at)).join(' ')
const deep = (levels: number): string => `${'{ it '.repeat(levels - 1)}{ id }${' }'.repeat(levels - 1)}`

/** Each with what it lets through, and what it does not. */
const LIMITS: readonly (readonly [string, string, string, string])[] = [
  [
    '15,000 characters',
    `{ it { id } } #${'x'.repeat(14_985)}`,
    `{ it { id } } #${'x'.repeat(14_986)}`,
    'LIMIT_EXCEEDED',
  ],
  [
    '1,000 tokens',
    `{ it { ${times(60, () => `${'... { '.repeat(5)}id${' }'.repeat(5)}`)} } }`,
    `{ it { ${times(1_000, () => 'id')} } }`,
    'GRAPHQL_PARSE_FAILED',
  ],
  ['a depth of 15', deep(15), deep(16), 'LIMIT_EXCEEDED'],
  [
    '15 aliases',
    `{ ${times(15, (at) => `a${at}: it { id }`)} }`,
    `{ ${times(16, (at) => `a${at}: it { id }`)} }`,
    'LIMIT_EXCEEDED',
  ],
  ['20 root fields', `{ ${times(20, () => 'it { id }')} }`, `{ ${times(21, () => 'it { id }')} }`, 'LIMIT_EXCEEDED'],
  [
    '50 directives',
    `{ it { ${times(50, () => 'id @include(if: true)')} } }`,
    `{ it { ${times(51, () => 'id @include(if: true)')} } }`,
    'LIMIT_EXCEEDED',
  ],
  ['a cost of 50,000', '{ its(first: 10000) { id } }', '{ its(first: 60000) { id } }', 'LIMIT_EXCEEDED'],
]

describe('S35 the strict profile', () => {
  it.each(LIMITS)('bounds an operation by %s', async (_, within, beyond, code) => {
    const codesOf = async (query: string): Promise<readonly unknown[]> => {
      const { errors = [] } = JSON.parse(await (await gateway.post({ query })).text()) as {
        errors?: { extensions: { code: string } }[]
      }
      return errors.map(({ extensions }) => extensions.code)
    }
    expect(await codesOf(within)).toEqual([])
    expect(await codesOf(beyond)).toContain(code)
  })
})
