import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { gatewayConfig } from '../config.js'
import { excesses } from './limits.js'

const { limits } = gatewayConfig('open')
/** Named fragments, each of which spreads the next twice: written out, 2^60 fields. */
const doubling = (field: string): string =>
  `{ it { ...F0 } } ${Array.from({ length: 60 }, (_, at) => `fragment F${at} on It { ${field} ...F${at + 1} it { ...F${at + 1} } }`).join(' ')} fragment F60 on It { id }`

describe('the size of an operation', () => {
  it('S06 is found by walking each fragment once, however often it is spread', () => {
    expect(excesses(parse(doubling('id')), limits)).toContain('the operation has more than 10000 fields')
  })

  it('S06 counts in each fragment whatever is bounded', () => {
    const found = excesses(parse(doubling('a: id @include(if: true)')), limits)
    expect(found).toContain('the operation has more than 5000 aliases')
    expect(found).toContain('the operation has more than 1000 directives')
  })

  it('S06 has an end for fragments in a circle', () => {
    expect(excesses(parse('{ ...A } fragment A on It { id ...B } fragment B on It { ...A }'), limits)).toEqual([])
  })
})
