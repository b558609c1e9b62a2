import { describe, expect, it } from 'vitest'
import { nobody } from '../../test/support/federated.js'
import { counting } from '../../test/support/counting.js'
import type { SubgraphRequest } from './ask-subgraph.js'
import { BodyHeads } from './body-heads.js'

const asking = (query: string, operationName: string | null = null): SubgraphRequest => ({
  subgraph: 'a',
  kind: 'query',
  query,
  operationName,
  variables: {},
  context: nobody,
})

describe('the head of a body', () => {
  it('is written once for a document, and counted', () => {
    const observer = counting()
    const heads = new BodyHeads(observer)
    expect(heads.of(asking('{ a }')).text).toBe('{"query":"{ a }","variables":')
    expect(heads.of(asking('{ a }')).text).toBe('{"query":"{ a }","variables":')
    expect([observer.counted('cache.miss'), observer.counted('cache.hit')]).toEqual([1, 1])
  })

  it('names the operation that is asked for, also when the document was asked by another name before', () => {
    const heads = new BodyHeads(counting())
    const text = 'query A { a } query B { b }'
    expect(heads.of(asking(text, 'A')).text).toContain('"operationName":"A"')
    expect(heads.of(asking(text, 'B')).text).toContain('"operationName":"B"')
  })

  it('is forgotten when all of them have too many characters', () => {
    const observer = counting()
    const heads = new BodyHeads(observer)
    const long = (at: number): SubgraphRequest => asking(`{ ${'x'.repeat(2_000_000)}${at} }`)
    for (const at of [0, 1, 2, 0]) heads.of(long(at))
    expect(observer.counted('cache.miss', { cache: 'bodies' })).toBe(4)
  })
})
