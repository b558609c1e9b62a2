import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { gatewayConfig } from '../../gateway/config.js'
import { projectRoot } from '../../platform/config/project-root.js'

const schemaFile = (name: string): string => readFileSync(join(projectRoot(), 'schema', name), 'utf8')
const api = buildSchema(schemaFile('api.graphql'))
const { live } = gatewayConfig('open', JSON.parse(schemaFile('gateway.json')))

function has(schema: GraphQLSchema, coordinate: string): boolean {
  const [name = '', field] = coordinate.split('.')
  const type = schema.getType(name)
  if (field === undefined) return type !== undefined
  return (isObjectType(type) || isInterfaceType(type)) && Object.hasOwn(type.getFields(), field)
}

describe("the shop's live settings", () => {
  it.each(live.personal)('name %s, which is in the API', (coordinate) => {
    expect(has(api, coordinate)).toBe(true)
  })

  it.each([...live.shared, ...live.resume])('name %s, which is a subscription', (text) => {
    const [, field = '', argument] = /^(\w+)(?:\((\w+)\): \w+)?$/.exec(text) ?? []
    const subscription = api.getSubscriptionType()?.getFields()[field]
    expect(subscription).toBeDefined()
    if (argument !== undefined) expect(subscription?.args.map(({ name }) => name)).toContain(argument)
  })
})
