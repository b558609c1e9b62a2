import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openAcknowledged } from './wire.js'

const SDL = `type Query { it: It fails: String its(first: Int): [It] @listSize(slicingArguments: ["first"]) } type It { it: It id: ID name: String }
  type Mutation { buy: Int }`
const its = (): readonly object[] => [{ id: '1' }]
let bought = 0
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway(
    {
      shop: {
        sdl: SDL,
        resolvers: {
          Query: {
            it: () => ({ id: '1' }),
            its,
            fails: () => Promise.reject(new Error('select * from secret at /srv/app.js:3')),
          },
          Mutation: { buy: () => ++bought },
        },
      },
    },
    { profile: 'strict' },
  )
})
afterAll(() => gateway.stop())

const times = (many: number, part: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => part(at)).join(' ')
const post = (query: string): Promise<Response> => gateway.post({ query })
const get = (search: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${gateway.url}/graphql?${search}`, { headers })
const form = { 'content-type': 'application/x-www-form-urlencoded' }
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

/** What a scanner tries, and all that it may learn: the status, and the code of each error. */
const REFUSED: readonly (readonly [string, () => Promise<Response>, number, readonly string[]])[] = [
  ['101 aliases', () => post(`{ it { ${times(101, (at) => `a${at}: __typename`)} } }`), 400, ['LIMIT_EXCEEDED']],
  [
    'a batch of ten',
    () => gateway.post(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))),
    400,
    ['BAD_REQUEST'],
  ],
  [
    '__schema in a circle',
    () => post('{ __schema { types { fields { type { fields { type { name } } } } } } }'),
    400,
    ['GRAPHQL_VALIDATION_FAILED'],
  ],
  ['introspection', () => post('{ __type(name: "It") { name } }'), 400, ['GRAPHQL_VALIDATION_FAILED']],
  [
    'ten directives that nobody knows, of which few are told',
    () => post(`{ __typename ${'@aa'.repeat(10)} }`),
    400,
    Array<string>(6).fill('GRAPHQL_VALIDATION_FAILED'),
  ],
  ['a text that is no document', () => post('qwerty cop { abc }'), 400, ['GRAPHQL_PARSE_FAILED']],
  ['__typename 500 times', () => post(`{ ${times(500, () => '__typename')} }`), 400, ['LIMIT_EXCEEDED']],
  ['a field that is almost there', () => post('{ itt }'), 400, ['GRAPHQL_VALIDATION_FAILED']],
  ['a mutation by GET', () => get('query=mutation{buy}'), 405, ['BAD_REQUEST']],
  ['a form', () => gateway.post('query=mutation{buy}', form), 415, ['UNSUPPORTED_MEDIA_TYPE']],
  ['a form with a cookie', () => gateway.post('query=mutation{buy}', { ...form, cookie: 'a=b' }), 400, ['CSRF']],
  ['a field that fails', () => post('{ fails }'), 200, ['INTERNAL_SERVER_ERROR']],
]

describe('S31 the strict profile', () => {
  it.each(REFUSED)('answers %s with a code and no inside', async (_, ask, status, codes) => {
    const response = await ask()
    const text = await response.text()
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string } }[] }
    expect([response.status, errors.map(({ extensions }) => extensions.code)]).toEqual([status, codes])
    expect(text).not.toMatch(/did you mean|suggest|stack|exception|tracing|\.js:|secret|"data":\{"[^f]/i)
    expect(bought).toBe(0)
  })

  it('suggests nothing over a socket either, and tells few faults there', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query: '{ itt }' } })
    expect(JSON.stringify(await wire.hear())).toMatch(/Cannot query field[^?]*$/)
    wire.say({ id: '2', type: 'subscribe', payload: { query: `{ __typename ${'@aa'.repeat(10)} }` } })
    expect((await wire.hear())['payload']).toHaveLength(6)
    wire.socket.close()
  })

  it('answers a question with its data alone', async () => {
    for (const response of [await post('{ __typename }'), await get('query={__typename}')]) {
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
      expect([...response.headers.keys()].join()).not.toMatch(/powered|server|trac/)
    }
  })

  it.each(['/', '/graphiql', '/graphql', '/playground', '/console'])('shows nobody a page at %s', async (path) => {
    const response = await fetch(gateway.url + path, { headers: { accept: 'text/html' } })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.text()).not.toMatch(/graphiql|playground|<html/i)
  })
})
