import { describe, expect, it } from 'vitest'
import type { EngineOptions } from '../../gateway/engine.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { ann, as, refusals, scoped, sentTo } from '../support/askers.js'
import { composed, federated, nobody, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }
/** A house with a safe in it. */
const HOUSE: Readonly<Record<string, TestSubgraph>> = {
  house: {
    sdl: `type Query { house: House staff: String @policy(policies: [["staff"]]) audit: [String!]! @requiresScopes(scopes: [["read", "audit"], ["admin"]]) }
      type House @key(fields: "id") { id: ID! address: String code: Code mood: Mood }
      type Mutation { burn: Int @authenticated paint: Int }
      scalar Code @authenticated enum Mood @authenticated { GOOD BAD }`,
    resolvers: {
      Query: {
        house: () => ({ id: 'h', address: 'here', code: '42', mood: 'GOOD' }),
        staff: () => 'Li',
        audit: () => ['ok'],
      },
      House: itself,
      Mutation: { burn: () => 1, paint: () => 2 },
    },
  },
  safe: {
    sdl: `type House @key(fields: "id") { id: ID! safe: Safe owner: Person! } type Safe @authenticated { gold: Int! }
      type Person { name: String! @authenticated }`,
    resolvers: { House: { ...itself, safe: () => ({ gold: 7 }), owner: () => ({ name: 'Wu' }) } },
  },
}

describe('a protected field', () => {
  it('MUST F801 is null with a code at its path, never fetched, and the others are answered', async () => {
    const graph = federated(HOUSE)
    const answer = await as(graph, ANONYMOUS, '{ house { address safe { gold } } }')
    expect(answer.data).toEqual({ house: { address: 'here', safe: null } })
    expect(refusals(answer)).toEqual([['house', 'safe']])
    expect(sentTo(graph, 'safe')).toEqual([])
  })

  it('MUST F802 is answered for whoever may see it, by the same document', async () => {
    const graph = federated(HOUSE)
    const query = '{ house { address safe { gold } } }'
    await as(graph, ANONYMOUS, query)
    expect(await as(graph, ann, query)).toEqual({ data: { house: { address: 'here', safe: { gold: 7 } } } })
    expect((await as(graph, ANONYMOUS, query)).data).toEqual({ house: { address: 'here', safe: null } })
  })

  it('MUST F803 that may not be null takes its object with it', async () => {
    const answer = await as(federated(HOUSE), ANONYMOUS, '{ house { address owner { name } } }')
    expect(answer.data).toEqual({ house: null })
    expect(refusals(answer)).toEqual([['house', 'owner', 'name']])
  })

  it('MUST F804 is one whose scalar or enum is protected', async () => {
    const answer = await as(federated(HOUSE), ANONYMOUS, '{ house { address code mood } }')
    expect(answer.data).toEqual({ house: { address: 'here', code: null, mood: null } })
  })

  it('MUST F805 that is skipped or not included is no error', async () => {
    const query =
      'query ($no: Boolean = false) { house { address safe @include(if: $no) { gold } code @skip(if: true) } }'
    expect(await as(federated(HOUSE), ANONYMOUS, query)).toEqual({ data: { house: { address: 'here' } } })
  })

  it('MUST F806 is refused under any alias and through fragments', async () => {
    const graph = federated(HOUSE)
    const query = '{ house { ...F } } fragment F on House { a: safe { gold } ... { b: code } }'
    const answer = await as(graph, ANONYMOUS, query)
    expect(refusals(answer)).toEqual([
      ['house', 'a'],
      ['house', 'b'],
    ])
    expect(sentTo(graph, 'house').join()).not.toContain('code')
  })

  it('MUST F807 is left to the subgraphs by a setting', async () => {
    const graph = federated(HOUSE, { authorization: 'leave' })
    expect(await as(graph, ANONYMOUS, '{ house { safe { gold } } }')).toEqual({
      data: { house: { safe: { gold: 7 } } },
    })
  })

  it('MUST F808 stays in the introspection', async () => {
    const { data } = await as(federated(HOUSE), ANONYMOUS, '{ __type(name: "Safe") { fields { name } } }')
    expect(data).toEqual({ __type: { fields: [{ name: 'gold' }] } })
  })

  it('MUST F809 is every root field when the root type is protected', async () => {
    const sdl = 'type Query @authenticated { a: Int b: Int }'
    const graph = federated({ a: { sdl, resolvers: { Query: { a: () => 1 } } } })
    const answer = await as(graph, ANONYMOUS, '{ __typename a b }')
    expect(answer.data).toEqual({ __typename: 'Query', a: null, b: null })
    expect(refusals(answer)).toEqual([['a'], ['b']])
    expect((await as(graph, ann, '{ a }')).data).toEqual({ a: 1 })
  })
})

describe('a mutation', () => {
  it('MUST F811 that is denied is not run, and its neighbour is', async () => {
    const graph = federated(HOUSE)
    const answer = await as(graph, ANONYMOUS, 'mutation { burn paint }')
    expect(answer.data).toEqual({ burn: null, paint: 2 })
    expect(sentTo(graph, 'house')).toHaveLength(1)
    expect(sentTo(graph, 'house').join()).not.toContain('burn')
  })
})

describe('@requiresScopes', () => {
  it.each([
    [[], false],
    [['read'], false],
    [['audit', 'read'], true],
    [['admin'], true],
  ])('MUST F821 with %j is an OR of ANDs: %s', async (scopes, passes) => {
    const answer = await as(federated(HOUSE), scoped(...scopes), '{ audit }')
    expect(answer.data).toEqual(passes ? { audit: ['ok'] } : null)
  })
})

describe('@policy', () => {
  const staffIs = async (options: Partial<EngineOptions>, who: Identity): Promise<unknown> =>
    ((await as(federated(HOUSE, options), who, '{ staff }')).data as { staff: unknown }).staff

  it('MUST F831 that nobody knows is denied', async () => {
    expect(await staffIs({}, scoped('staff'))).toBeNull()
  })

  it.each([
    ['role:operator', { ...ann, roles: ['operator'] }],
    ['scope:inside', scoped('inside')],
    ['partner:kuaishou', { ...ann, partner: 'kuaishou' }],
    ['claim:team=shop', { ...ann, claims: { team: ['shop', 'road'] } }],
    ['claim:insider', { ...ann, claims: { insider: true } }],
  ] as const)('MUST F832 is granted by %s, as the settings say', async (condition, who) => {
    const policies = { staff: ['role:host', condition] }
    expect(await staffIs({ policies }, who)).toBe('Li')
    expect(await staffIs({ policies }, ann)).toBeNull()
  })

  it('MUST F833 is granted by the hook of whoever starts the gateway', async () => {
    const policy = (name: string, who: Identity): boolean => name === 'staff' && who.member === 'Member:ann'
    expect(await staffIs({ policy }, ann)).toBe('Li')
    expect(await staffIs({ policy }, { ...ann, member: 'Member:bob' })).toBeNull()
  })
})

describe('a field protected by several subgraphs', () => {
  const shared = (x: string, y: string): TestSubgraph => ({
    sdl: `type Query { point: Point @shareable } type Point { x: Int @shareable ${x} y: Int @shareable ${y} }`,
    resolvers: { Query: { point: () => ({ x: 1, y: 2 }) } },
  })
  const parts = {
    a: shared('@authenticated', '@requiresScopes(scopes: [["a"], ["b"]])'),
    b: shared('@requiresScopes(scopes: [["z"]])', '@requiresScopes(scopes: [["c"]])'),
  }

  it.each([
    [scoped(), { x: null, y: null }],
    [
      { ...ANONYMOUS, scopes: ['a'] },
      { x: null, y: null },
    ],
    [scoped('z', 'c'), { x: 1, y: null }],
    [scoped('b', 'c'), { x: null, y: 2 }],
  ])('MUST F861 S15 needs what all of them ask, %j', async (who, point) => {
    expect((await as(federated(parts), who, '{ point { x y } }')).data).toEqual({ point })
  })
})

describe('the names of the directives', () => {
  const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9"'
  const resolvers = { Query: { secret: () => 's' } }

  it.each([
    [
      'renamed',
      `${LINK}, import: [{ name: "@authenticated", as: "@signedIn" }]) type Query { secret: String @signedIn }`,
    ],
    ['of their namespace', `${LINK}) type Query { secret: String @federation__authenticated }`],
    ['of another namespace', `${LINK}, as: "fed") type Query { secret: String @fed__requiresScopes(scopes: [["x"]]) }`],
    [
      'renamed, of policies',
      `${LINK}, import: [{ name: "@policy", as: "@rule" }]) type Query { secret: String @rule(policies: [["p"]]) }`,
    ],
  ])('MUST F871 may be %s', async (_, sdl) => {
    const graph = federated({ a: { sdl, resolvers } })
    expect((await as(graph, ANONYMOUS, '{ secret }')).data).toEqual({ secret: null })
    expect(graph.sent).toEqual([])
  })

  it('SHOULD F872 are believed without a link that explains them', async () => {
    const parts = { a: { sdl: 'type Query { secret: String @authenticated }', resolvers } }
    const supergraph = composed(parts).replace(/@link\([^)]*authenticated[^)]*\)/, '')
    expect((await as(federated(parts, { supergraph }), ANONYMOUS, '{ secret }')).data).toEqual({ secret: null })
  })
})

describe('a subscription', () => {
  const parts = {
    live: {
      sdl: 'type Query { a: Int } type Subscription { secret: Int @authenticated told: Told } type Told { open: Int hidden: Int @authenticated }',
      resolvers: {},
    },
  }
  const planOf = (who: Identity, text: string) =>
    federated(parts).engine.planSubscription({
      text,
      variables: null,
      operationName: null,
      context: { ...nobody, who },
    })

  it('MUST F881 to a protected field is refused before anything is asked', () => {
    const refused = planOf(ANONYMOUS, 'subscription { secret }')
    expect(refused).toMatchObject({ failed: 'request', codes: ['UNAUTHORIZED_FIELD_OR_TYPE'] })
    expect(planOf(ann, 'subscription { secret }')).toHaveProperty('upstream')
  })

  it('MUST F882 asks its upstream only for what may be seen', async () => {
    const plan = planOf(ANONYMOUS, 'subscription { told { open hidden } }')
    if (!('upstream' in plan)) throw new Error('a plan was expected')
    expect(plan.upstream.query).not.toContain('hidden')
    const { body } = await plan.render({ data: { told: { open: 1 } } }, nobody)
    expect(JSON.parse(body)).toMatchObject({ data: { told: { open: 1, hidden: null } } })
  })

  it('MUST F883 tells what of the asker its answers depend on', () => {
    const accessOf = (who: Identity, text: string): unknown => {
      const plan = planOf(who, text)
      return 'upstream' in plan ? plan.access : null
    }
    expect(accessOf(ann, 'subscription { told { open } }')).toBe('')
    expect(accessOf(ann, 'subscription { told { hidden } }')).toBe(
      accessOf(scoped('x'), 'subscription { told { hidden } }'),
    )
    expect(accessOf(ann, 'subscription { told { hidden } }')).not.toBe(
      accessOf(ANONYMOUS, 'subscription { told { hidden } }'),
    )
  })
})
