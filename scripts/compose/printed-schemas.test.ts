import { describe, expect, it } from 'vitest'
import { brokenOperations } from './broken-operations.js'
import { CompositionFailed, entitiesOf, printedSchemas, type Part } from './printed-schemas.js'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
const NODE = 'interface Node { id: ID! }'
const shop: Part = {
  name: 'shop',
  sdl: `${LINK} ${NODE} type Query { book(id: ID!): Book } type Book implements Node @key(fields: "id") { id: ID! title: String! pages: Int }`,
}
const PAGE = {
  path: 'schema/operations/book-page.graphql',
  text: 'query BookPage { book(id: "Book:1") { ...Words } } fragment Words on Book { title }',
}

describe('the printed contract', () => {
  it('holds every subgraph, the supergraph, what clients see and the entities', () => {
    const { files } = printedSchemas([shop], (name) => `http://${name}.test`)
    expect([...files.keys()]).toEqual([
      'schema/subgraphs/shop.graphql',
      'schema/subgraphs/node.graphql',
      'schema/supergraph.graphql',
      'schema/api.graphql',
      'subgraphs/node/entities.ts',
    ])
    for (const text of files.values()) expect(text.split('\n')[0]).toContain('Generated')
    expect(files.get('schema/api.graphql')).not.toContain('_entities')
  })

  it('names the entities of all parts', () => {
    expect(entitiesOf([shop])).toEqual(['Book'])
  })

  it('is refused with every reason when the parts do not fit', () => {
    const other: Part = { name: 'other', sdl: `${LINK} type Book @key(fields: "id") { id: ID! title: Int! }` }
    expect(() => printedSchemas([shop, other], () => 'http://x.test')).toThrow(CompositionFailed)
  })
})

describe('a client operation', () => {
  const api = (sdl: string) => printedSchemas([{ name: 'shop', sdl }], () => 'http://x.test').api

  it('fits the schema that it was written for', () => {
    expect(brokenOperations(api(shop.sdl), [PAGE])).toEqual([])
  })

  it('is named when a field that it uses is removed', () => {
    const [complaint] = brokenOperations(api(shop.sdl.replace('title: String!', '')), [PAGE])
    expect(complaint).toContain('schema/operations/book-page.graphql: BookPage: Cannot query field "title"')
  })

  it('is named when an argument that it leaves out is asked for', () => {
    const text = 'query A { book(id: "1") { id } } query B { book { id } }'
    expect(brokenOperations(api(shop.sdl), [{ path: 'x.graphql', text }])).toEqual([
      expect.stringContaining('x.graphql: B: Field "book" argument "id"'),
    ])
  })

  it('that is no GraphQL is told by its file', () => {
    expect(brokenOperations(api(shop.sdl), [{ path: 'x.graphql', text: '{' }])).toEqual([
      expect.stringContaining('x.graphql: Syntax Error'),
    ])
  })
})
