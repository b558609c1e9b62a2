import { beforeEach, describe, expect, it } from 'vitest'
import { counting, type Counting } from '../../test/support/counting.js'
import { ANONYMOUS } from '../../schema/identity.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from '../fetch/ask-subgraph.js'
import { askedOnceInATurn } from './same-turn.js'

const NOBODY: FetchContext = { who: ANONYMOUS, authorization: null, requestId: 'r', signal: null }

const question = (changes: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  subgraph: 'catalog',
  query: '{ a }',
  operationName: null,
  variables: { ids: ['1'] },
  kind: 'query',
  context: NOBODY,
  ...changes,
})

let asked: SubgraphRequest[]
let fails: boolean
let counts: Counting
let shared: Subgraphs
beforeEach(() => {
  ;[asked, fails, counts] = [[], false, counting()]
  const ask = (request: SubgraphRequest): Promise<SubgraphAnswer> => {
    asked.push(request)
    return fails ? Promise.reject(new Error('away')) : Promise.resolve({ data: { nth: asked.length, list: [{}] } })
  }
  shared = askedOnceInATurn({ ask, subscribe: () => Promise.reject(new Error('not here')) }, counts)
})

describe('questions of one turn', () => {
  it('that are equal are asked once, and each asker has an answer of his own', async () => {
    const answers = await Promise.all([question(), question(), question()].map((one) => shared.ask(one)))
    expect(asked).toHaveLength(1)
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ data: { nth: 1, list: [{}] } })))
    expect(new Set(answers.map(({ data }) => data)).size).toBe(3)
    expect(counts.counted('live.fetchesShared')).toBe(2)
  })

  it.each([
    ['another subgraph', { subgraph: 'orders' }],
    ['another document', { query: '{ b }' }],
    ['other variables', { variables: { ids: ['2'] } }],
    ['other variables as text', { variablesText: '{"ids":["3"]}' }],
    ['S28 another token', { context: { ...NOBODY, authorization: 'Bearer b' } }],
    ['S28 another member', { context: { ...NOBODY, who: { ...ANONYMOUS, member: 'Member:b' } } }],
    ['S28 another header', { context: { ...NOBODY, carried: { headers: { a: 'b' }, until: Infinity, span: null } } }],
  ] satisfies [string, Partial<SubgraphRequest>][])('are asked apart when they have %s', async (_, other) => {
    await Promise.all([shared.ask(question()), shared.ask(question(other))])
    expect(asked).toHaveLength(2)
  })

  it('are asked again in the next one, also while the first is on its way: it may not know yet what was heard since', async () => {
    const first = shared.ask(question())
    await new Promise((resolve) => setImmediate(resolve))
    const answers = await Promise.all([first, shared.ask(question())])
    expect(answers.map(({ data }) => data)).toMatchObject([{ nth: 1 }, { nth: 2 }])
  })

  it('fail for all who ask', async () => {
    fails = true
    const told = await Promise.allSettled([shared.ask(question()), shared.ask(question())])
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
  })

  it('that change something, or may be given up, are asked at once and never shared', async () => {
    const mine = { ...NOBODY, signal: new AbortController().signal }
    const one = shared.ask(question({ kind: 'mutation' }))
    const others = [question({ kind: 'mutation' }), question({ context: mine }), question({ context: mine })]
    expect(asked).toHaveLength(1)
    await Promise.all([one, ...others.map((other) => shared.ask(other))])
    expect(asked).toHaveLength(4)
  })
})
