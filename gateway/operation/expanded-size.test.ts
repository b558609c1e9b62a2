import { Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { expandedSize } from './expanded-size.js'
import { partsOf } from './read-document.js'

function sizeOf(query: string, ceiling = 1_000): number {
  const { operations, fragments } = partsOf(parse(query))
  const [operation] = operations
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('an operation was expected')
  return expandedSize(operation.selectionSet, fragments, ceiling)
}

describe('the expanded size', () => {
  it('counts a fragment wherever it is spread', () => {
    expect(sizeOf('{ a { ...F } b { ...F } } fragment F on X { c d }')).toBe(8)
  })

  it('S07 stops counting above its ceiling', () => {
    const fragments = Array.from(
      { length: 200 },
      (_, at) => `fragment F${at} on X { a { ...F${at + 1} } b { ...F${at + 1} } }`,
    )
    expect(sizeOf(`{ ...F0 } ${fragments.join(' ')} fragment F200 on X { c }`)).toBe(1_001)
  })

  it('ends on fragments in a circle, which validation refuses', () => {
    expect(sizeOf('{ ...F } fragment F on X { a ...F }')).toBeLessThan(10)
  })
})
