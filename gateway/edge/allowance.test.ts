import { getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import type { FetchContext, SubgraphAnswer } from '../fetch/ask-subgraph.js'
import { allowance, type Allowance } from './allowance.js'

const PARTNER: Identity = {
  ...ANONYMOUS,
  partner: 'acme',
  roles: ['partner'],
  credential: { id: 'pc_1', networks: [] },
}
const context = (who: Identity): FetchContext => ({ who, authorization: 'Bearer t', requestId: 'r', signal: null })

interface Asked {
  readonly count: number
  readonly unused: number
}

/** A gateway's allowance over a place that grants blocks of ten, as many as `quota` says. */
function opened(quota: { left: number }, clock = fakeClock(), failing?: () => SubgraphAnswer) {
  const drawn: Asked[] = []
  const ask = ({ variables }: { readonly variables: unknown }): Promise<SubgraphAnswer> => {
    const { count, unused } = variables as Asked
    drawn.push({ count, unused })
    quota.left += unused
    const granted = quota.left < count ? 0 : Math.min(quota.left, Math.max(count, 10))
    quota.left -= granted
    return Promise.resolve(failing?.() ?? { data: { drawPartnerAllowance: [granted, 30, 7] } })
  }
  return { allowed: allowance({ subgraph: 'webhooks' }, { subgraphs: { ask }, clock, observer: silent }), drawn, clock }
}

async function codeOf(allowed: Allowance, query = '{ a }', who = PARTNER): Promise<string | null> {
  const document = parse(query)
  return (await allowed.take(context(who), document, getOperationAST(document)))?.code ?? null
}

describe('the allowance of a credential', () => {
  it('is drawn in blocks, and refused with a time when it is used up', async () => {
    const { allowed, drawn } = opened({ left: 25 })
    for (let at = 0; at < 25; at++) expect(await codeOf(allowed)).toBeNull()
    expect(await codeOf(allowed)).toBe('QUOTA_EXCEEDED')
    expect(await codeOf(allowed)).toBe('QUOTA_EXCEEDED')
    expect(drawn).toHaveLength(4)
  })

  it('S32 counts each root field, whatever it is called and wherever it stands', async () => {
    const { allowed, drawn } = opened({ left: 12 })
    const query = 'query { a x: a ...F ... { b } } fragment F on Query { y: a ...G ...G } fragment G on Query { c }'
    expect(await codeOf(allowed, query)).toBeNull()
    expect(await codeOf(allowed, '{ a b c d }')).toBeNull()
    expect(await codeOf(allowed, '{ a b c d }')).toBe('QUOTA_EXCEEDED')
    expect(drawn[0]?.count).toBe(6)
  })

  it('lets those who come together in as far as it goes, in one drawing after the other', async () => {
    const { allowed } = opened({ left: 15 })
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(allowed)))
    expect(codes.filter((code) => code === null)).toHaveLength(15)
  })

  it('is never passed by several gateways together, and what one did not use is given back', async () => {
    const quota = { left: 30 }
    const clock = fakeClock()
    const [one, other] = [opened(quota, clock), opened(quota, clock)]
    expect(await codeOf(one.allowed)).toBeNull()
    for (let at = 0; at < 20; at++) expect(await codeOf(other.allowed)).toBeNull()
    expect(await codeOf(other.allowed)).toBe('QUOTA_EXCEEDED')
    await clock.advance(5_000)
    expect(await codeOf(one.allowed)).toBeNull()
    expect(one.drawn).toEqual([
      { count: 1, unused: 0 },
      { count: 1, unused: 9 },
    ])
  })

  it('is asked for again after five seconds, so that a credential that was revoked is refused', async () => {
    let isRevoked = false
    const refusal = { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }
    const granted = { data: { drawPartnerAllowance: [10, 0, 7] } }
    const { allowed, clock } = opened({ left: 100 }, fakeClock(), () => (isRevoked ? refusal : granted))
    expect(await codeOf(allowed)).toBeNull()
    isRevoked = true
    expect(await codeOf(allowed)).toBeNull()
    await clock.advance(5_000)
    expect(await codeOf(allowed)).toBe('UNAUTHENTICATED')
  })

  it.each([
    ['does not answer', () => Promise.reject(new Error('away'))],
    ['answers something that is none', () => Promise.resolve({ data: { drawPartnerAllowance: ['many'] } })],
    ['refuses', () => Promise.resolve({ errors: [{ message: 'something of ours failed' }] })],
  ])('lets nobody in when the place where it is counted %s', async (_what, ask) => {
    const parts = { subgraphs: { ask }, clock: fakeClock(), observer: silent }
    expect(await codeOf(allowance({ subgraph: 'webhooks' }, parts))).toBe('BUSY')
  })

  it('concerns nobody who holds another token, and is not served where nobody counts', async () => {
    const { allowed, drawn } = opened({ left: 0 })
    expect(await codeOf(allowed, '{ a }', { ...ANONYMOUS, partner: 'acme', roles: ['partner'] })).toBeNull()
    expect(drawn).toEqual([])
    const subgraphs = { ask: () => Promise.reject(new Error('nobody is asked')) }
    const nowhere = allowance({ subgraph: '' }, { subgraphs, clock: fakeClock(), observer: silent })
    expect(await codeOf(nowhere)).toBe('FORBIDDEN')
  })
})
