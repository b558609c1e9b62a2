import { graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import { nodeSchema } from './subgraph.js'

const schema = nodeSchema(['Product'])
const ask = (id: string) =>
  graphql({ schema, source: 'query ($id: ID!) { node(id: $id) { __typename id } }', variableValues: { id } })

describe('node', () => {
  it('reads the type out of an id', async () => {
    expect((await ask('Product:abc')).data).toEqual({ node: { __typename: 'Product', id: 'Product:abc' } })
  })

  it('is null for a type that is no entity', async () => {
    expect((await ask('Nothing:abc')).data).toEqual({ node: null })
  })

  it.each(['', 'abc', 'product:a', 'Product:', 'Product:a b', '__proto__:x', `Product:${'a'.repeat(101)}`])(
    'refuses %j',
    async (id) => {
      expect((await ask(id)).errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' })
    },
  )
})
