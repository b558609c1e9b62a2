import { beforeEach, describe, expect, it } from 'vitest'
import { Aborting, type Abort } from '../../platform/abort.js'
import { Failure } from '../../platform/failure.js'
import { seededChance } from '../../platform/time/chance.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { counting, type Counting } from '../../test/support/counting.js'
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.js'
import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from './ask-subgraph.js'
import { guardedSubgraphs, type GuardSettings } from './guarded-subgraphs.js'

const SETTINGS: GuardSettings = {
  timeoutMs: 1_000,
  timeouts: { slow: 5_000 },
  crowd: { most: 2, mostWaiting: 1 },
  breaker: { failures: 20, windowMs: 10_000, restMs: 5_000, probes: 2 },
  retry: { percent: 10, waitMs: 20 },
}
const GOOD: SubgraphAnswer = { data: {} }

let clock: FakeClock
let asked: SubgraphRequest[]
/** What the subgraph does with the next question. */
let answers: () => Promise<SubgraphAnswer>
/** Where subgraphs are reached over the network. */
let hosts: Map<string, string>
let observer: Counting
beforeEach(() => {
  clock = fakeClock()
  asked = []
  answers = () => Promise.resolve(GOOD)
  hosts = new Map()
  observer = counting()
})

function guarded(changes: Partial<GuardSettings> = {}): Subgraphs {
  const subgraphs: Subgraphs = {
    ask(request) {
      asked.push(request)
      return answers()
    },
    subscribe: () => Promise.reject(new Error('not here')),
    hostOf: (subgraph) => hosts.get(subgraph) ?? null,
  }
  return guardedSubgraphs(subgraphs, { ...SETTINGS, ...changes }, { clock, chance: seededChance(1), observer })
}

interface Asking {
  /** By the clock, when the whole request must be answered. */
  readonly until?: number
  readonly signal?: Abort
}

function question(
  subgraph = 'stock',
  kind: SubgraphRequest['kind'] = 'query',
  { until = Infinity, signal }: Asking = {},
): SubgraphRequest {
  const carried = { headers: null, until, span: null }
  const context = { who: ANONYMOUS, authorization: null, requestId: 'r', signal: signal ?? null, carried }
  return { subgraph, query: '{a}', operationName: null, variables: {}, kind, context }
}

const nobody = (): Promise<SubgraphAnswer> => Promise.reject(new Failure('SUBGRAPH_UNAVAILABLE', 'nobody'))
const never = (): Promise<SubgraphAnswer> => new Promise(() => undefined)
const outcome = (answer: Promise<SubgraphAnswer>): Promise<string> =>
  answer.then(
    () => 'good',
    (error: unknown) => (error instanceof Failure ? error.code : 'fault'),
  )

describe('a subgraph that does not answer', () => {
  it('has failed after its time, which may be its own', async () => {
    answers = never
    const subgraphs = guarded()
    const [one, two] = [outcome(subgraphs.ask(question())), outcome(subgraphs.ask(question('slow')))]
    await clock.advance(1_000)
    expect(await one).toBe('SUBGRAPH_TIMEOUT')
    await clock.advance(4_000)
    expect(await two).toBe('SUBGRAPH_TIMEOUT')
  })
})

describe('a request whose time is over', () => {
  it('fails what it waits for, and asks nothing more', async () => {
    answers = never
    const subgraphs = guarded()
    const asking = outcome(subgraphs.ask(question('stock', 'query', { until: 400 })))
    await clock.advance(400)
    expect(await asking).toBe('REQUEST_TIMEOUT')
    expect(await outcome(subgraphs.ask(question('stock', 'query', { until: 400 })))).toBe('REQUEST_TIMEOUT')
    expect(asked).toHaveLength(1)
  })

  it('waits in no line', async () => {
    answers = never
    const subgraphs = guarded()
    for (let at = 0; at < 2; at++) void outcome(subgraphs.ask(question('slow')))
    const asking = outcome(subgraphs.ask(question('slow', 'query', { until: 300 })))
    await clock.advance(300)
    expect([await asking, asked.length]).toEqual(['REQUEST_TIMEOUT', 2])
  })

  it('R10 is not held against a subgraph that had little of it, and is against one that had enough', async () => {
    answers = never
    const subgraphs = guarded({ retry: { percent: 0, waitMs: 0 }, crowd: { most: 100, mostWaiting: 0 } })
    const late = async (ms: number): Promise<Set<string>> => {
      const until = clock.monotonicMs() + ms
      const all = Array.from({ length: 20 }, () => outcome(subgraphs.ask(question('stock', 'query', { until }))))
      await clock.advance(ms)
      return new Set(await Promise.all(all))
    }
    expect(await late(400)).toEqual(new Set(['REQUEST_TIMEOUT']))
    expect(await late(600)).toEqual(new Set(['SUBGRAPH_TIMEOUT']))
    expect(await late(600)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))
  })
})

describe('an answer that nobody waits for', () => {
  it('is not fetched, not repeated, and says nothing of the subgraph', async () => {
    answers = never
    const subgraphs = guarded({ breaker: { ...SETTINGS.breaker, failures: 1 }, crowd: { most: 1, mostWaiting: 1 } })
    const signal = new Aborting()
    const both = [1, 2].map(() => outcome(subgraphs.ask(question('stock', 'query', { signal }))))
    await clock.advance(1)
    signal.abort()
    expect(await Promise.all(both)).toEqual(['ABANDONED', 'ABANDONED'])
    expect(await outcome(subgraphs.ask(question('stock', 'query', { signal })))).toBe('ABANDONED')
    answers = () => Promise.resolve(GOOD)
    expect([await outcome(subgraphs.ask(question())), asked.length]).toEqual(['good', 2])
  })
})

describe('a question that found nobody', () => {
  it('is asked once more', async () => {
    let times = 0
    answers = () => (++times === 1 ? nobody() : Promise.resolve(GOOD))
    const answer = outcome(guarded().ask(question()))
    await clock.advance(20)
    expect([await answer, asked.length]).toEqual(['good', 2])
  })

  it('R11 is not asked again when it is a mutation', async () => {
    answers = nobody
    expect([await outcome(guarded().ask(question('stock', 'mutation'))), asked.length]).toEqual([
      'SUBGRAPH_UNAVAILABLE',
      1,
    ])
  })

  it('R11 is asked again at most once in ten when everything fails', async () => {
    answers = nobody
    const subgraphs = guarded({ breaker: { ...SETTINGS.breaker, failures: 0 } })
    for (let at = 0; at < 100; at++) {
      const answer = outcome(subgraphs.ask(question()))
      await clock.advance(20)
      await answer
    }
    expect(asked.length).toBeGreaterThan(105)
    expect(asked.length).toBeLessThanOrEqual(112)
  })
})

describe('R10 a subgraph that keeps failing', () => {
  async function broken(): Promise<Subgraphs> {
    const subgraphs = guarded({ retry: { percent: 0, waitMs: 0 } })
    answers = nobody
    for (let at = 0; at < 20; at++) await outcome(subgraphs.ask(question()))
    asked = []
    return subgraphs
  }

  it('is left alone, and others are asked as before', async () => {
    const subgraphs = await broken()
    expect([await outcome(subgraphs.ask(question())), asked.length]).toEqual(['SUBGRAPH_UNAVAILABLE', 0])
    answers = () => Promise.resolve(GOOD)
    expect(await outcome(subgraphs.ask(question('catalog')))).toBe('good')
  })

  it('is probed by one question at a time after its rest, and open to all after two good answers', async () => {
    const subgraphs = await broken()
    await clock.advance(5_000)
    answers = () => Promise.resolve(GOOD)
    expect(await Promise.all([1, 2].map(() => outcome(subgraphs.ask(question()))))).toEqual([
      'good',
      'SUBGRAPH_UNAVAILABLE',
    ])
    expect(await outcome(subgraphs.ask(question()))).toBe('good')
    expect(await Promise.all([1, 2].map(() => outcome(subgraphs.ask(question()))))).toEqual(['good', 'good'])
  })

  it('is left alone again when the probe fails', async () => {
    const subgraphs = await broken()
    await clock.advance(5_000)
    await outcome(subgraphs.ask(question()))
    answers = () => Promise.resolve(GOOD)
    expect(await outcome(subgraphs.ask(question()))).toBe('SUBGRAPH_UNAVAILABLE')
  })

  it('is not left alone for failures that lie far apart', async () => {
    const subgraphs = guarded({ retry: { percent: 0, waitMs: 0 } })
    answers = nobody
    for (let at = 0; at < 40; at++) {
      await outcome(subgraphs.ask(question()))
      await clock.advance(1_000)
    }
    expect(asked).toHaveLength(40)
  })
})

describe('R10 a host that keeps failing', () => {
  const [HERE, THERE] = ['http://here:4001', 'http://there:4001']
  const after = async (subgraphs: Subgraphs, name: string): Promise<string> => {
    answers = () => Promise.resolve(GOOD)
    return await outcome(subgraphs.ask(question(name)))
  }

  async function broken(): Promise<Subgraphs> {
    hosts = new Map([
      ['stock', HERE],
      ['prices', HERE],
      ['catalog', THERE],
    ])
    const subgraphs = guarded({ retry: { percent: 0, waitMs: 0 } })
    answers = nobody
    for (let at = 0; at < 20; at++) await outcome(subgraphs.ask(question(at % 2 === 0 ? 'stock' : 'prices')))
    return subgraphs
  }

  it('is left alone with all of its subgraphs, and those of other hosts and of this process are not', async () => {
    const subgraphs = await broken()
    expect(await after(subgraphs, 'stock')).toBe('SUBGRAPH_UNAVAILABLE')
    expect(await after(subgraphs, 'prices')).toBe('SUBGRAPH_UNAVAILABLE')
    expect(await after(subgraphs, 'catalog')).toBe('good')
    expect(await after(subgraphs, 'members')).toBe('good')
  })

  it('is counted once, and who was not asked by his name', async () => {
    const subgraphs = await broken()
    for (const name of ['stock', 'prices', 'prices']) await after(subgraphs, name)
    expect(observer.counted('fetch.broken')).toBe(1)
    expect(observer.counted('fetch.refused', { subgraph: 'stock', reason: 'broken' })).toBe(1)
    expect(observer.counted('fetch.refused', { subgraph: 'prices', reason: 'broken' })).toBe(2)
  })

  it('says nothing of the host to which a subgraph moves', async () => {
    const subgraphs = await broken()
    hosts.set('stock', THERE)
    expect(await after(subgraphs, 'stock')).toBe('good')
    expect(await after(subgraphs, 'prices')).toBe('SUBGRAPH_UNAVAILABLE')
  })

  it('is remembered as long as it is asked, and forgotten when a thousand others were', async () => {
    const subgraphs = await broken()
    const others = async (): Promise<void> => {
      for (let at = 0; at < 999; at++) {
        hosts.set('catalog', `http://other-${at}`)
        await after(subgraphs, 'catalog')
      }
    }
    await others()
    expect(await after(subgraphs, 'stock')).toBe('SUBGRAPH_UNAVAILABLE')
    await others()
    await after(subgraphs, 'members')
    expect(await after(subgraphs, 'stock')).toBe('good')
  })
})

describe('a subgraph that is asked by many', () => {
  it('gets a bounded number at a time; some wait, others are refused at once', async () => {
    answers = never
    const subgraphs = guarded()
    const all = [1, 2, 3, 4].map(() => outcome(subgraphs.ask(question())))
    expect(await all[3]).toBe('BUSY')
    expect(asked).toHaveLength(2)
    answers = () => Promise.resolve(GOOD)
    await clock.advance(1_000)
    expect(await Promise.all(all)).toEqual(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_TIMEOUT', 'good', 'BUSY'])
  })
})
