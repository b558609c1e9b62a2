import { describe, expect, it } from 'vitest'
import type { Aside } from '../../gateway/aside/aside.js'
import { errandRunner } from '../../gateway/aside/run-errand.js'
import { gatewayConfig } from '../../gateway/config.js'
import type { EngineOptions } from '../../gateway/engine.js'
import { requestError } from '../../gateway/operation/request-errors.js'
import { PlansLong } from '../../gateway/plan/planner.js'
import { federated, nobody, type Federated } from '../support/federated.js'

describe('a plan that would have no end', () => {
  it('MUST F425 S08 is refused a plan that would have no end', async () => {
    const graph = manyTypes()
    const { errors } = await graph.ask(`{ n { ${'next { '.repeat(8)} id ${'}'.repeat(8)} } }`)
    expect(errors?.[0]?.extensions.code).toBe('PLAN_FAILED')
    expect(graph.sent).toEqual([])
  })

  it('MUST F428 S08 has one budget for all root fields of a mutation', async () => {
    const graph = manyTypes()
    const roots = (many: number) => Array.from({ length: many }, (_, at) => `m${at}: m { next { next { id } } }`)
    expect(await graph.ask(`mutation { ${roots(2).join(' ')} }`)).toEqual({ data: { m0: null, m1: null } })
    graph.sent.splice(0)
    const { errors } = await graph.ask(`mutation { ${roots(100).join(' ')} }`)
    expect(errors?.[0]?.extensions.code).toBe('PLAN_FAILED')
    expect(graph.sent).toEqual([])
  })
})

describe('a short operation that takes many steps to plan', () => {
  /** The same graph with a place beside the event loop, which here does its errands at once and notes them. */
  function withAside(make: (options?: Partial<EngineOptions>) => Federated = manyTypes) {
    const run = errandRunner({ supergraph: make().supergraph, documents: gatewayConfig('open') })
    const errands: string[] = []
    const plan: Aside['plan'] = (asked) => {
      errands.push(asked.text)
      const outcome = run({ ...asked, kind: 'plan' })
      if (outcome.kind === 'plan') return Promise.resolve(outcome.plans)
      return Promise.reject(requestError('PLAN_FAILED', 'refused'))
    }
    const aside: Aside = { plan, read: () => Promise.resolve([]), retire: () => undefined }
    return { graph: make({ aside }), errands }
  }
  const nested = (depth: number): string => `{ n { ${'next { '.repeat(depth)} id ${'}'.repeat(depth)} } }`

  it('MUST F429 S08 is planned aside, and refused there when that takes too many', async () => {
    const { graph, errands } = withAside()
    for (let times = 0; times < 2; times++)
      expect((await graph.ask(nested(8))).errors?.[0]?.extensions.code).toBe('PLAN_FAILED')
    expect(errands).toEqual([nested(8)])
  })

  it('MUST F440 S08 makes a subscription wait for its plan', async () => {
    const { graph, errands } = withAside()
    const text = nested(8).replace('{ n', 'subscription { s')
    const request = { text, operationName: null, variables: null, context: nobody }
    expect(() => graph.engine.planSubscription(request, true)).toThrow(PlansLong)
    await graph.engine.planAside(request)
    expect(graph.engine.planSubscription(request, true)).toMatchObject({ failed: 'request', codes: ['PLAN_FAILED'] })
    expect(errands).toEqual([text])
  })

  it('MUST F465 S08 is what only Apollo’s planner has a way for, too', async () => {
    const { graph, errands } = withAside(shopOfContext)
    const text = '{ shop { item { price } } }'
    for (let times = 0; times < 2; times++)
      expect(await graph.ask(text)).toEqual({ data: { shop: { item: { price: 'in zh' } } } })
    expect(errands).toEqual([text])
  })

  it('MUST F430 is answered as it would be when it was planned at once', async () => {
    const { graph, errands } = withAside()
    const mutation = `mutation { ${[0, 1].map((at) => `m${at}: m { next { next { id } } }`).join(' ')} }`
    expect(await graph.ask('{ n { id } }')).toEqual({ data: { n: null } })
    expect(errands).toEqual([])
    expect(await graph.ask(mutation)).toEqual({ data: { m0: null, m1: null } })
    expect(await graph.ask(mutation)).toEqual({ data: { m0: null, m1: null } })
    expect(errands).toEqual([mutation])
    const next = withAside()
    for (const occasion of graph.engine.mostUsed(10)) expect(await next.graph.engine.warm(occasion)).toBe(true)
    expect(await next.graph.ask(mutation)).toEqual({ data: { m0: null, m1: null } })
    expect(next.errands).toEqual([mutation])
  })
})

/** A field whose argument comes from a context, which Apollo's planner alone can fill. */
function shopOfContext(options: Partial<EngineOptions> = {}): Federated {
  const key = '@key(fields: "id")'
  const sdl = `type Query { shop: Shop } type Shop ${key} @context(name: "shop") { id: ID! locale: String item: Item }
    type Item ${key} { id: ID! price(locale: String @fromContext(field: "$shop { locale }")): String }`
  const resolvers = {
    Query: { shop: () => ({ id: 1, locale: 'zh', item: { id: 7 } }) },
    Item: { price: (_: unknown, { locale }: { readonly locale: string }) => `in ${locale}` },
  }
  return federated({ a: { sdl, resolvers } }, options)
}

/** An interface whose field each type has from another subgraph: a short question needs a plan for each type below each type. */
function manyTypes(options: Partial<EngineOptions> = {}): Federated {
  const types = Array.from({ length: 12 }, (_, at) => `T${at}`)
  const node = (fields: string, own: (at: number) => string): string =>
    `interface Node { id: ID! ${fields} } ${types.map((name, at) => `type ${name} implements Node @key(fields: "id") { id: ID! ${own(at)} }`).join(' ')}`
  const taken = (half: number) => (at: number) => (at % 2 === half ? 'next: Node @override(from: "a")' : '')
  return federated(
    {
      a: {
        sdl: `type Query { n: Node } type Mutation { m: Node } type Subscription { s: Node } ${node('next: Node', () => 'next: Node')}`,
        resolvers: { Query: { n: () => null }, Mutation: { m: () => null } },
      },
      b: { sdl: node('', taken(0)) },
      c: { sdl: node('', taken(1)) },
    },
    options,
  )
}
