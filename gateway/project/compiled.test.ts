import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { Tree } from '../merge/tree.js'
import { InnerNames } from '../operation/inner-names.js'
import { partsOf } from '../operation/read-document.js'
import { readOperation } from '../operation/read-operation.js'
import { compiledWriter } from './compiled.js'
import { ErrorList } from './error-list.js'
import { project } from './project.js'
import { shapeOf, type Shape } from './shape.js'

const schema = buildSchema(`
  scalar Any
  enum Shade { RED GREEN }
  interface Named { name: String }
  type Query { one: One many: [[Int!]!] named: [Named] must: One! }
  type One implements Named { id: ID! name: String rate: Float live: Boolean shade: Shade any: Any toString: String ones: [One!] }
  type Other implements Named { name: String size: Int! }
`)

function shapeFor(query: string): Shape {
  const operation = readOperation(schema, partsOf(parse(query)), null, 1_000)
  return shapeOf(schema, operation, new Map(), new InnerNames(schema))
}

/** The tree written by the compiled form, and by the plain one. */
function both(query: string, root: string): readonly [string | null | undefined, string | null] {
  const [shape, tree] = [shapeFor(query), new Tree()]
  Object.assign(tree.root, JSON.parse(root))
  return [compiledWriter(shape)?.(tree), project(shape, tree, new Map(), new ErrorList())]
}

const EVERYTHING =
  '{ one { id name rate live shade any toString __typename ones { id } } many named { kind: __typename name ... on Other { size } } }'

describe('the compiled form of an answer', () => {
  it.each([
    [
      '{"one":{"id":"1","name":"a\\"\\n\\u2028é\\ud83d","rate":-0.5,"live":false,"shade":"RED","any":{"x":[1]},"toString":"t","ones":[{"id":"2"}]},"many":[[1,-2],[]],"named":[{"__typename":"Other","name":"","size":0},null,{"__typename":"One"}]}',
    ],
    ['{"one":null,"many":null,"named":[]}'],
    ['{"one":{"id":"1"}}'],
    [`{"one":{"id":"${'x'.repeat(300)}","ones":[]}}`],
  ])('is the plain one for %s', (root) => {
    const [compiled, plain] = both(EVERYTHING, root)
    expect(compiled).toBe(plain)
    expect(JSON.parse(compiled ?? '')).toBeTypeOf('object')
  })

  it.each([
    ['{ one { id } }', '{"one":{"id":null}}'],
    ['{ one { rate } }', '{"one":{"rate":"1"}}'],
    ['{ one { shade } }', '{"one":{"shade":"BLUE"}}'],
    ['{ one { id } }', '{"one":[]}'],
    ['{ many }', '{"many":[[1.5]]}'],
    ['{ many }', '{"many":{}}'],
    ['{ named { name } }', '{"named":[{"__typename":"Query"}]}'],
    ['{ named { name } }', '{"named":[{}]}'],
    ['{ must { id } }', '{}'],
  ])('leaves %s over %s to the plain one', (query, root) => {
    expect(both(query, root)[0]).toBeNull()
  })

  it('leaves a tree with failures to the plain one', () => {
    const tree = new Tree()
    tree.note(tree.root, 'one', { code: 'X', message: 'x', below: [] })
    expect(compiledWriter(shapeFor('{ one { id } }'))?.(tree)).toBeNull()
  })

  it('S01 writes hostile names as the texts that they are', () => {
    const names = ['__proto__', 'constructor', 'toString', 'a`${x}'.slice(0, 1)]
    const query = `{ ${names.map((name) => `${name}: one { ${name}: id }`).join(' ')} }`
    const shape = shapeFor(query)
    const tree = new Tree()
    for (const { inner } of shape.fieldsFor('Query') ?? []) tree.root[inner] = { id: '1' }
    expect(compiledWriter(shape)?.(tree)).toBe(`{${names.map((name) => `"${name}":{"${name}":"1"}`).join(',')}}`)
  })

  it('is not made for introspection', () => {
    expect(compiledWriter(shapeFor('{ __schema { queryType { name } } }'))).toBeNull()
  })
})
