import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { gatewayConfig } from '../../gateway/config.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { shopSettings } from './shop-settings.js'

const schema = buildSchema(readFileSync(join(projectRoot(), 'schema/api.graphql'), 'utf8'))
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]

describe('the settings of our shop', () => {
  it('R26 name fields that there are, each once, as served before and after all others', async () => {
    const { first, last } = gatewayConfig('strict', await shopSettings()).overload
    for (const name of [...first, ...last])
      expect(
        roots.filter((root) => root?.getFields()[name] !== undefined),
        name,
      ).toHaveLength(1)
    expect(new Set([...first, ...last]).size).toBe(first.length + last.length)
  })

  it('R26 keep buying and paying for the last, and reactions for the first to be refused', async () => {
    const { overload } = gatewayConfig('strict', await shopSettings())
    expect(overload.first).toEqual(expect.arrayContaining(['placeOrder', 'payOrder']))
    expect(overload.last).toContain('likeRoom')
    expect(overload.lateMs).toBeGreaterThan(0)
  })
})
