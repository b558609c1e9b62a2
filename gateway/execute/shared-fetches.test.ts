import { beforeEach, describe, expect, it } from 'vitest'
import { Aborting } from '../../platform/abort.js'
import { deferred, type Deferred } from '../../platform/deferred.js'
import { Failure } from '../../platform/failure.js'
import { counting, type Counting } from '../../test/support/counting.js'
import { ANONYMOUS } from '../../schema/identity.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from '../fetch/ask-subgraph.js'
import { askedOnceInFlight } from './shared-fetches.js'

const NOBODY: FetchContext = { who: ANONYMOUS, authorization: null, requestId: 'r', signal: null }

const question = (changes: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  ...{ subgraph: 'catalog', query: '{ a }', operationName: null, variables: { ids: ['1'] } },
  ...{ kind: 'query', context: NOBODY },
  ...changes,
})

let asked: SubgraphRequest[]
let answers: Deferred<SubgraphAnswer>[]
let counts: Counting
let shared: Subgraphs
beforeEach(() => {
  ;[asked, answers, counts] = [[], [], counting()]
  const ask = (request: SubgraphRequest): Promise<SubgraphAnswer> => {
    asked.push(request)
    const answer = deferred<SubgraphAnswer>()
    answers.push(answer)
    return answer.promise
  }
  shared = askedOnceInFlight({ ask, subscribe: () => Promise.reject(new Error('not here')) }, counts)
})

describe('equal questions under way', () => {
  it('are asked once, and each asker has an answer of his own that nobody else has touched', async () => {
    const touched = async (): Promise<unknown> => {
      const { data } = await shared.ask(question())
      Object.assign(data as object, { more: 1 }) // the stand-in answers with an object
      return data
    }
    const all = [touched(), shared.ask(question()), shared.ask(question())]
    answers[0]?.resolve({ data: { list: [{}] } })
    expect(await Promise.all(all)).toEqual([
      { list: [{}], more: 1 },
      { data: { list: [{}] } },
      { data: { list: [{}] } },
    ])
    expect([asked.length, counts.counted('cache.hit', { cache: 'fetches' })]).toEqual([1, 2])
  })

  it.each([
    ['another subgraph', { subgraph: 'orders' }],
    ['another document', { query: '{ b }' }],
    ['other variables', { variables: { ids: ['2'] } }],
    ['S28 another token', { context: { ...NOBODY, authorization: 'Bearer b' } }],
    ['S28 another member', { context: { ...NOBODY, who: { ...ANONYMOUS, member: 'Member:b' } } }],
    ['S28 another header', { context: { ...NOBODY, carried: { headers: { a: 'b' }, until: Infinity, span: null } } }],
    ['something to change', { kind: 'mutation' }],
  ] satisfies [string, Partial<SubgraphRequest>][])('are asked apart when they have %s', (_, other) => {
    void shared.ask(question())
    void shared.ask(question(other))
    expect(asked).toHaveLength(2)
  })

  it('are asked again once the answer is there', async () => {
    const first = shared.ask(question())
    answers[0]?.resolve({ data: null })
    await first
    void shared.ask(question())
    expect(asked).toHaveLength(2)
  })

  it('are given up only when all have left', () => {
    const [one, other] = [new Aborting(), new Aborting()]
    for (const signal of [one, other]) void shared.ask(question({ context: { ...NOBODY, signal } }))
    one.abort()
    expect(asked[0]?.context.signal?.aborted).toBe(false)
    other.abort()
    expect(asked[0]?.context.signal?.aborted).toBe(true)
  })

  it('are asked anew by who has more time than the first, and fail together otherwise', async () => {
    const [, late] = [shared.ask(question()).catch(String), shared.ask(question())]
    answers[0]?.reject(new Failure('REQUEST_TIMEOUT', 'too late'))
    await expect.poll(() => asked.length).toBe(2)
    answers[1]?.resolve({ data: { a: 1 } })
    expect(await late).toEqual({ data: { a: 1 } })
    const both = Promise.allSettled([shared.ask(question()), shared.ask(question())])
    answers[2]?.reject(new Failure('SUBGRAPH_TIMEOUT', 'too late'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(3)
  })
})
