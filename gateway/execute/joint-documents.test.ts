import { describe, expect, it } from 'vitest'
import { counting } from '../../test/support/counting.js'
import type { FetchNode } from '../plan/plan.js'
import { JointDocuments } from './joint-documents.js'

const fetching = (name: string): FetchNode => ({
  kind: 'fetch',
  subgraph: 's',
  operationKind: 'query',
  operationName: null,
  query: `query($representations:[_Any!]!){_entities(representations:$representations){...on It{${name}}}}`,
  variables: [],
  path: [],
  requires: [],
  brings: [],
  renames: [],
  contexts: [],
  pieces: { declared: [], selection: `{...on It{${name}}}` },
})

describe('the document of questions that travel together', () => {
  it('is made once for each company, and counted', () => {
    const observer = counting()
    const documents = new JointDocuments(observer)
    const [one, other] = [fetching('a'), fetching('b')]
    expect(documents.of([one, other])).toEqual({
      query:
        'query($representations0:[_Any!]! $representations1:[_Any!]!){entities0:_entities(representations:$representations0){...on It{a}} entities1:_entities(representations:$representations1){...on It{b}}}',
      operationName: null,
    })
    expect(documents.of([one, other])).toBe(documents.of([one, other]))
    expect(observer.counted('cache.miss', { cache: 'joint' })).toBe(1)
  })

  it('is not made for the sixty-fifth company of one question, which travels alone from then on', () => {
    const documents = new JointDocuments(counting())
    const first = fetching('a')
    const made = Array.from({ length: 65 }, (_, at) => documents.of([first, fetching(`b${at}`)]))
    expect(made.map((document) => document !== null)).toEqual([...Array.from({ length: 64 }, () => true), false])
    expect(documents.of([first, fetching('b0')])).toBe(made[0])
  })

  it('is forgotten when all of them have too many characters', () => {
    const observer = counting()
    const documents = new JointDocuments(observer)
    const long = (at: number): FetchNode[] => [fetching('a'), fetching(`b${at}${'x'.repeat(6_000_000)}`)]
    for (const at of [0, 1, 0]) documents.of(long(at))
    expect(observer.counted('cache.miss', { cache: 'joint' })).toBe(3)
  })
})
