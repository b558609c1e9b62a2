import {
  GraphQLList,
  buildSchema,
  graphql,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  specifiedRules,
  validate,
  type ExecutionResult,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { deferRules } from '../../../gateway/operation/defer-rules.js'
import { federated, type Federated, type TestSubgraph } from '../../support/federated.js'
import { apiSdl, interfaceOf, keyFields, subgraphSdl } from './print-model.js'
import type { FieldModel, Model } from './model.js'
import { KEY_FIELDS, World, referred, resolverOf, type Thing } from './resolvers.js'

/** The same random world twice: federated behind our engine, and as one schema. */
export interface Stage {
  readonly model: Model
  readonly federated: Federated
  readonly monolith: GraphQLSchema
  /** Answers by the one schema. */
  expected(query: string, variables: Record<string, unknown>, operationName: string | null): Promise<ExecutionResult>
  /** The same by a schema in which everything may be null, so that no null travels. */
  unbroken(query: string, variables: Record<string, unknown>, operationName: string | null): Promise<ExecutionResult>
  /** Forgets the mutations of both. */
  reset(): void
}

/** Hears what a resolver was asked and gave, or that it threw; `subgraph` is null in the one schema. */
export type OnTold = (told: Told) => void

export interface Told {
  readonly subgraph: string | null
  readonly type: string
  readonly field: string
  readonly on: Thing | null
  readonly args: object
  readonly value: unknown
}

/** Builds both; throws when the model does not compose. */
export function stageOf(model: Model, onTold: OnTold | null = null): Stage {
  const [world, other] = [new World(model), new World(model)]
  const parts = Object.fromEntries(model.subgraphs.map((name) => [name, subgraphOf(model, name, { world, onTold })]))
  const sdl = apiSdl(model)
  const monolith = buildSchema(sdl)
  attach(monolith, overheard(resolversOf(model, null, other), null, onTold))
  const unbroken = nullable(buildSchema(sdl))
  attach(unbroken, resolversOf(model, null, other))
  return {
    model,
    federated: federated(parts),
    monolith,
    expected: async (source, variableValues, operationName) =>
      graphql({ schema: monolith, source, variableValues, operationName }),
    unbroken: async (source, variableValues, operationName) =>
      graphql({ schema: unbroken, source, variableValues, operationName }),
    reset() {
      world.reset()
      other.reset()
    },
  }
}

const RULES = [...specifiedRules, ...deferRules]

/** Is the operation one that the API allows? */
export function isValid(schema: GraphQLSchema, query: string): boolean {
  return validate(schema, parse(query), RULES).length === 0
}

/** With every field's type without exclamation marks. */
function nullable(schema: GraphQLSchema): GraphQLSchema {
  const without = (type: GraphQLOutputType): GraphQLOutputType => {
    if (isNonNullType(type)) return without(type.ofType)
    return isListType(type) ? new GraphQLList(without(type.ofType)) : type
  }
  for (const type of Object.values(schema.getTypeMap()))
    if ((isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
      for (const field of Object.values(type.getFields())) field.type = without(field.type)
  return schema
}

interface Hearing {
  readonly world: World
  readonly onTold: OnTold | null
}

function subgraphOf(model: Model, name: string, { world, onTold }: Hearing): TestSubgraph {
  const resolvers = overheard(resolversOf(model, name, world), name, onTold)
  for (const type of model.types.values()) {
    if (type.kind === 'entity' && type.keys.has(name))
      (resolvers[type.name] ??= {})['__resolveReference'] = (given: Record<string, unknown>) => referred(given)
    if (type.kind === 'interface' && type.object && type.members.has(name))
      (resolvers[type.name] ??= {})['__resolveReference'] = (given: Record<string, unknown>) => referred(given)
    if (type.kind === 'interface' && type.object?.subgraph === name)
      (resolvers[type.name] ??= {})['__resolveReference'] = (given: Record<string, unknown>) => ({
        ...referred(given),
        asked: type.name,
      })
  }
  return { sdl: subgraphSdl(model, name), resolvers }
}

type Resolvers = Record<string, Record<string, unknown>>

function overheard(resolvers: Resolvers, subgraph: string | null, onTold: OnTold | null): Resolvers {
  if (onTold === null) return resolvers
  const heard = (type: string, field: string, resolve: unknown): unknown => {
    if (typeof resolve !== 'function' || field.startsWith('__')) return resolve
    return (on: unknown, args: object, ...rest: unknown[]): unknown => {
      const asked = { subgraph, type, field, on: (on as Thing | undefined) ?? null, args }
      try {
        const value = (resolve as (...all: unknown[]) => unknown)(on, args, ...rest)
        onTold({ ...asked, value })
        return value
      } catch (error) {
        onTold({ ...asked, value: error })
        throw error
      }
    }
  }
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.entries(fields).map(([field, resolve]) => [field, heard(type, field, resolve)])),
    ]),
  )
}

function resolversOf(model: Model, subgraph: string | null, world: World): Resolvers {
  const resolvers: Resolvers = { Org: { oid: (on: Thing) => on.given?.['oid'] } }
  const add = (type: string, fields: readonly FieldModel[]): void => {
    const into = (resolvers[type] ??= {})
    for (const field of fields)
      if (
        subgraph === null ||
        field.owners.includes(subgraph) ||
        field.overrides === subgraph ||
        isProvided(model, type, field, subgraph)
      )
        into[field.name] = resolverOf(world, field, subgraph)
  }
  for (const type of model.types.values()) {
    if (type.kind === 'value' && (subgraph === null || type.where.has(subgraph)))
      resolvers[type.name] = Object.fromEntries(
        type.fields.map((field) => [field.name, resolverOf(world, field, subgraph)]),
      )
    if (type.kind === 'entity' && (subgraph === null || type.keys.has(subgraph))) {
      add(type.name, type.fields)
      for (const key of keyFields(type, subgraph)) (resolvers[type.name] ??= {})[key] = KEY_FIELDS[key]
      const within = subgraph === null ? interfaceOf(model, type.name, null) : null
      if (within?.object) add(type.name, within.object.fields)
      if (subgraph === null) (resolvers[type.name] ??= {})['id'] = KEY_FIELDS['id']
    }
    if (type.kind === 'interface' && type.object && type.object.subgraph === subgraph) {
      add(type.name, type.object.fields)
      ;(resolvers[type.name] ??= {})['id'] = KEY_FIELDS['id']
    } else if ('members' in type && (subgraph === null || type.members.has(subgraph)))
      resolvers[type.name] = { ...resolvers[type.name], __resolveType: (on: Thing) => on.__typename }
  }
  const roots = { Query: model.queries, Mutation: model.mutations }
  for (const [type, fields] of Object.entries(roots))
    for (const field of fields) {
      if (subgraph !== null && !field.owners.includes(subgraph)) continue
      const isMutation = type === 'Mutation'
      ;(resolvers[type] ??= {})[field.name] = (_: unknown, args: object) =>
        isMutation ? world.mutate(field, args) : world.value(field, null, args, subgraph)
    }
  return resolvers
}

function isProvided(model: Model, type: string, field: FieldModel, subgraph: string): boolean {
  const all = [
    ...model.queries,
    ...model.mutations,
    ...[...model.types.values()].flatMap((type) => (Array.isArray(type.fields) ? type.fields : [])),
  ]
  return all.some((one) => one.type.base === type && one.provides === field.name && one.owners.includes(subgraph))
}

function attach(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name)
    if (type && 'resolveType' in type) type.resolveType = (on: unknown) => (on as Thing).__typename
    if (!isObjectType(type)) continue
    for (const [key, resolve] of Object.entries(fields)) {
      const field = type.getFields()[key]
      if (field) field.resolve = resolve as typeof field.resolve & object
    }
  }
}
