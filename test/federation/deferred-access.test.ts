import { describe, expect, it } from 'vitest'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import type { PartFormat } from '../../gateway/project/part-forms.js'
import { scoped, sentTo } from '../support/askers.js'
import { part } from '../support/ask-federated.js'
import { assembled, type Assembled, type Part } from '../support/assemble.js'
import { federated, nobody, type Federated } from '../support/federated.js'

const key = '@key(fields: "id")'
const scope = '@requiresScopes(scopes: [["cost"]])'

const shop = (): Federated =>
  federated({
    goods: part(`type Query { good: Good } type Good ${key} { id: ID! name: String }`, {
      Query: { good: { id: 1, name: 'n' } },
    }),
    books: part(
      `type Good ${key} { id: ID! cost: Int ${scope} must: Int! ${scope} tax: Int name: String @external
        secret: String ${scope} margin: Int @requires(fields: "name") ${scope} }`,
      { Good: { cost: 3, must: 4, tax: 1, secret: 's', margin: ({ name }) => (name === 'n' ? 5 : 0) } },
    ),
  })

const clerk: Identity = scoped('cost')

async function partsFor(graph: Federated, who: Identity, text: string, format: PartFormat): Promise<readonly Part[]> {
  const request = { text, variables: {}, operationName: null, context: { ...nobody, who } }
  const answer = graph.engine.answerInParts(request, format)
  const parts: Part[] = []
  for (let one = await answer?.next(); one != null; one = await answer?.next()) parts.push(JSON.parse(one) as Part)
  return parts
}

function refused({ errors }: Pick<Assembled, 'errors'>): readonly string[] {
  return errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions.code}`)
}

describe.each<[PartFormat]>([['deferSpec=20220824'], ['incrementalSpec=v0.2']])('a deferred part, %s,', (format) => {
  it('MUST F991 tells with itself that a field needs a scope, which is never fetched', async () => {
    const graph = shop()
    const parts = await partsFor(graph, ANONYMOUS, '{ good { name ... @defer { cost tax } } }', format)
    expect(parts).toHaveLength(2)
    expect(parts[0]).toMatchObject({ data: { good: { name: 'n' } }, hasNext: true })
    expect(parts[0]?.errors).toBeUndefined()
    const whole = assembled(parts)
    expect(whole.data).toEqual({ good: { name: 'n', cost: null, tax: 1 } })
    expect(refused(whole)).toEqual(['good.cost UNAUTHORIZED_FIELD_OR_TYPE'])
    expect(sentTo(graph, 'books').join()).not.toContain('cost')
  })

  it('MUST F992 is told to whoever has the scope, by the same document, and to nobody after him', async () => {
    const graph = shop()
    const query = '{ good { name ... @defer { cost margin } } }'
    const told = async (who: Identity): Promise<unknown> => assembled(await partsFor(graph, who, query, format)).data
    expect(await told(ANONYMOUS)).toEqual({ good: { name: 'n', cost: null, margin: null } })
    expect(await told(clerk)).toEqual({ good: { name: 'n', cost: 3, margin: 5 } })
    expect(await told(ANONYMOUS)).toEqual({ good: { name: 'n', cost: null, margin: null } })
  })

  it('MUST F993 is lost where what must be there needs a scope, and the first part is not', async () => {
    const parts = await partsFor(shop(), ANONYMOUS, '{ good { name ... @defer { must tax } } }', format)
    const whole = assembled(parts)
    expect(whole.data).toEqual({ good: { name: 'n' } })
    expect(refused(whole)).toEqual(['good.must UNAUTHORIZED_FIELD_OR_TYPE'])
  })

  it('MUST F994 comes after a first part that tells of a scope', async () => {
    const parts = await partsFor(shop(), ANONYMOUS, '{ good { name secret ... @defer { tax } } }', format)
    expect(parts[0]).toMatchObject({ data: { good: { name: 'n', secret: null } } })
    expect(refused({ errors: parts[0]?.errors ?? [] })).toEqual(['good.secret UNAUTHORIZED_FIELD_OR_TYPE'])
    const whole = assembled(parts)
    expect(whole.data).toEqual({ good: { name: 'n', secret: null, tax: 1 } })
    expect(whole.errors).toHaveLength(1)
  })

  it('MUST F995 may need scopes alone: then nobody is asked for it', async () => {
    const graph = shop()
    const parts = await partsFor(graph, ANONYMOUS, '{ good { name ... @defer { cost margin } } }', format)
    expect(refused(assembled(parts))).toEqual([
      'good.cost UNAUTHORIZED_FIELD_OR_TYPE',
      'good.margin UNAUTHORIZED_FIELD_OR_TYPE',
    ])
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['goods'])
  })
})
