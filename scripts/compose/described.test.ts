import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/config/project-root.js'

const api = buildSchema(readFileSync(join(projectRoot(), 'schema/api.graphql'), 'utf8'))
const OURS = Object.values(api.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
const BUILT_IN: ReadonlySet<string> = new Set([
  'String',
  'Int',
  'Float',
  'Boolean',
  'ID',
  'Query',
  'Mutation',
  'Subscription',
])

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
}

/** What of a type has no description, by its path. */
function undescribed(type: GraphQLNamedType): readonly string[] {
  const fields =
    isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : []
  const values = isEnumType(type) ? type.getValues() : []
  const silent = (parts: readonly Described[]) =>
    parts.filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`)
  return [...(BUILT_IN.has(type.name) || type.description ? [] : [type.name]), ...silent(fields), ...silent(values)]
}

describe('the public schema', () => {
  it('describes every type, field and value', () => {
    expect(OURS.flatMap(undescribed)).toEqual([])
  })

  it('bounds every connection by `first`', () => {
    const unbounded = OURS.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
    )
      .filter(({ type }) => String(type).replace('!', '').endsWith('Connection'))
      .filter(({ args }) => !args.some(({ name, defaultValue }) => name === 'first' && defaultValue !== undefined))
    expect(unbounded.map(({ name }) => name)).toEqual([])
  })

  it('gives every mutation one `input` and a payload with typed errors', () => {
    for (const { name, args, type } of Object.values(api.getMutationType()?.getFields() ?? {})) {
      expect([name, args.map((arg) => arg.name)]).toEqual([name, ['input']])
      const payload = api.getType(String(type).replace('!', ''))
      expect(isObjectType(payload) ? String(payload.getFields()['errors']?.type) : name).toBe('[UserError!]!')
    }
  })

  it('has no input type that holds itself: graphql-jit unrolls it for minutes', () => {
    const inside = (type: GraphQLNamedType): readonly GraphQLNamedType[] =>
      isInputObjectType(type) ? Object.values(type.getFields()).map((field) => getNamedType(field.type)) : []
    const reached = (from: GraphQLNamedType): ReadonlySet<GraphQLNamedType> => {
      const seen = new Set(inside(from))
      for (const type of seen) for (const next of inside(type)) seen.add(next)
      return seen
    }
    expect(OURS.filter((type) => reached(type).has(type)).map(({ name }) => name)).toEqual([])
  })

  it('names every entity a Node', () => {
    const node = api.getType('Node')
    const names = isInterfaceType(node) ? api.getPossibleTypes(node).map(({ name }) => name) : []
    expect(names).toContain('Product')
    expect(names).toContain('OrderLine')
  })
})
