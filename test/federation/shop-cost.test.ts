import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { gatewayConfig } from '../../gateway/config.js'
import { costBy } from '../../gateway/operation/cost.js'
import { partsOf } from '../../gateway/operation/read-document.js'
import { readOperation } from '../../gateway/operation/read-operation.js'
import { openSupergraph } from '../../gateway/supergraph/supergraph.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { committedOperations } from '../support/committed-operations.js'

const { api, costs } = openSupergraph(readFileSync(join(projectRoot(), 'schema/supergraph.graphql'), 'utf8'))
const { cost, listSize } = gatewayConfig('strict').limits
const costOf = costBy(api, costs, listSize)

describe('the operations of our own clients', () => {
  it.each(committedOperations())('cost less than production allows: $name', ({ query }) => {
    const operation = readOperation(api, partsOf(parse(query)), null, 100_000)
    expect(costOf(operation, { first: 100 }).estimated).toBeLessThan(cost)
  })

  it('S32 cost more when they ask for a page of everything', () => {
    const text = 'query ($first: Int!) { products(first: $first) { edges { node { title } } } }'
    const operation = readOperation(api, partsOf(parse(text)), null, 100)
    expect(costOf(operation, { first: 20 }).estimated).toBe(1 + 20 * 2)
    expect(costOf(operation, { first: 99_999_999 }).estimated).toBeGreaterThan(cost)
  })
})
