import { afterEach, describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.js'
import { counting } from '../../test/support/counting.js'
import { federated } from '../../test/support/federated.js'
import { gatewayConfig } from '../config.js'
import { openAside, type Aside } from './aside.js'
import { errandRunner } from './run-errand.js'

const { supergraph } = federated({
  shop: {
    sdl: `type Query { a: A b: Int } type Mutation { one: Int two: Int } type A @key(fields: "id") { id: ID! }`,
  },
  notes: { sdl: 'type A @key(fields: "id") { id: ID! note: String }' },
})
const rules = { supergraph, documents: gatewayConfig('strict') }
const GOOD = '{ a { note } ... @defer { b } }'
const asked = {
  operationName: null,
  switches: new Map<string, boolean>(),
  overrides: new Map<string, boolean>(),
  failed: [],
  inParts: false,
}

let aside: Aside
function open(): ReturnType<typeof counting> {
  const observer = counting()
  aside = openAside(rules, { clock, observer })
  return observer
}
const clock = fakeClock()
afterEach(() => aside.retire())

describe('an aside', () => {
  it('reads and plans as the thread of the gateway would', async () => {
    open()
    const here = errandRunner(rules)
    expect(await aside.read(GOOD)).toEqual([])
    for (const text of [GOOD, 'mutation { two one again: two }'])
      for (const inParts of [false, true]) {
        const plan = { ...asked, text, inParts }
        expect({ kind: 'plan', plans: await aside.plan(plan) }).toEqual(here({ ...plan, kind: 'plan' }))
      }
  })

  it('tells all that is wrong with a document, and no name that nobody asked for', async () => {
    open()
    const refused = await aside.read('{ aa { id } b { c } }')
    expect(refused.map(({ message }) => message)).toEqual([
      'Cannot query field "aa" on type "Query".',
      'Field "b" must not have a selection since type "Int" has no subfields.',
    ])
    expect(refused[0]).toMatchObject({
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
  })

  it('refuses an operation that is not in the document', async () => {
    open()
    await expect(aside.plan({ ...asked, text: GOOD, operationName: 'Other' })).rejects.toMatchObject({
      code: 'OPERATION_RESOLUTION_FAILURE',
    })
  })

  it('ends what takes too long, and reads the next in a new thread', async () => {
    const observer = open()
    // By a clock that has run on before the thread could start.
    const ended = expect(aside.read(GOOD)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    const next = aside.read('{ b }')
    await clock.advance(30_000)
    await ended
    expect(await next).toEqual([])
    expect(observer.counted('aside.started')).toBe(2)
    expect(observer.counted('aside.ended', { by: 'time' })).toBe(1)
  })

  it('refuses more than it has room for', async () => {
    const observer = open()
    const taken = Array.from({ length: 65 }, () => aside.read('{ b }'))
    await expect(aside.read('{ b }')).rejects.toMatchObject({ code: 'BUSY' })
    expect((await Promise.all(taken)).flat()).toEqual([])
    expect(observer.counted('aside.refused')).toBe(1)
  })
})
