import { describe, expect, it } from 'vitest'
import type { PlannedSubscription } from '../../gateway/engine.js'
import { federated, nobody, type Federated, type TestAnswer, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

const live: TestSubgraph = {
  sdl: `type Query { rooms: Int } type Subscription { said(room: ID!): Said } type Said { text: String by: Member! }
    type Member @key(fields: "id") { id: ID! }`,
  resolvers: { Member: itself },
}

const members: TestSubgraph = {
  sdl: 'type Member @key(fields: "id") { id: ID! name: String }',
  resolvers: { Member: { ...itself, name: ({ id }: Reference) => `m${String(id)}` } },
}

function planned(graph: Federated, text: string, variables: Record<string, unknown> = {}): PlannedSubscription {
  const plan = graph.engine.planSubscription({ text, variables, operationName: null, context: nobody })
  if ('body' in plan) throw new Error(plan.body)
  return plan
}

const QUERY = 'subscription ($room: ID!) { heard: said(room: $room) { text by { name __typename } } }'

describe('a subscription', () => {
  it('MUST F501 is asked of the one subgraph that has its root field', () => {
    const { upstream, root } = planned(federated({ live, members }), QUERY, { room: 'r1' })
    expect(upstream).toMatchObject({ subgraph: 'live', kind: 'subscription', variables: { room: 'r1' } })
    expect(root).toEqual({ field: 'said', arguments: { room: 'r1' } })
  })

  it('MUST F502 has each event filled up from other subgraphs', async () => {
    const graph = federated({ live, members })
    const plan = planned(graph, QUERY, { room: 'r1' })
    const [key = ''] = /\{(\w+):said/.exec(plan.upstream.query)?.slice(1) ?? []
    const event = { data: { [key]: { text: 'hi', by: { __typename: 'Member', id: '7' } } } }
    const { body } = await plan.render(event, nobody)
    expect(JSON.parse(body)).toEqual({ data: { heard: { text: 'hi', by: { name: 'm7', __typename: 'Member' } } } })
  })

  it('MUST F503 leaves an event as it was, so that it can be rendered for others', async () => {
    const plan = planned(federated({ live, members }), 'subscription { said(room: 1) { text by { name } } }')
    const [key = ''] = /(\w+):said/.exec(plan.upstream.query)?.slice(1) ?? []
    const event = { data: { [key]: { text: 'hi', by: { __typename: 'Member', id: '7' } } } }
    const before = JSON.stringify(event)
    await plan.render(event, nobody)
    expect(JSON.stringify(event)).toBe(before)
  })

  it('MUST F504 tells what failed in an event, and goes on', async () => {
    const graph = federated({ live, members })
    const plan = planned(graph, QUERY, { room: 'r1' })
    for (const event of [{ data: null, errors: [{ message: 'inside', path: ['said'] }] }, {}, { data: 3 }]) {
      const answer = JSON.parse((await plan.render(event, nobody)).body) as TestAnswer
      expect(answer.data).toEqual({ heard: null })
      expect(answer.errors?.[0]?.path).toEqual(['heard'])
    }
  })

  it('MUST F505 has equal keys for equal questions, and others for others', () => {
    const graph = federated({ live, members })
    const keys = (text: string, room: string): string[] => {
      const { upstreamKey, renderKey } = planned(graph, text, { room })
      return [upstreamKey, renderKey]
    }
    expect(keys(QUERY, 'r1')).toEqual(keys(QUERY, 'r1'))
    expect(keys(QUERY, 'r1')[0]).not.toBe(keys(QUERY, 'r2')[0])
    const byId = QUERY.replace('name', 'id')
    expect(keys(byId, 'r1')[1]).not.toBe(keys(QUERY, 'r1')[1])
  })

  it('MUST F506 that is not valid is refused as a request', () => {
    const request = { text: 'subscription { said { text } }', variables: null, operationName: null, context: nobody }
    expect(federated({ live, members }).engine.planSubscription(request)).toMatchObject({
      failed: 'request',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    })
  })
})
