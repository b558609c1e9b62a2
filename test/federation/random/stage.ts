import { graphql, type GraphQLSchema, buildSchema, isObjectType, parse, validate, type ExecutionResult } from 'graphql'
import { federated, type Federated, type TestSubgraph } from '../../support/federated.js'
import { interfaceOf, keyFields, monolithSdl, subgraphSdl } from './print-model.js'
import type { FieldModel, Model } from './model.js'
import { KEY_FIELDS, World, referred, resolverOf, type Thing } from './resolvers.js'

/** The same random world twice: federated behind our engine, and as one schema. */
export interface Stage {
  readonly federated: Federated
  readonly monolith: GraphQLSchema
  /** Answers by the one schema. */
  expected(query: string, variables: Record<string, unknown>, operationName: string | null): Promise<ExecutionResult>
  /** Forgets the mutations of both. */
  reset(): void
}

/** Builds both; throws when the model does not compose. */
export function stageOf(model: Model): Stage {
  const [world, other] = [new World(model), new World(model)]
  const parts = Object.fromEntries(model.subgraphs.map((name) => [name, subgraphOf(model, name, world)]))
  const monolith = buildSchema(monolithSdl(model))
  attach(monolith, resolversOf(model, null, other))
  return {
    federated: federated(parts),
    monolith,
    expected: async (source, variableValues, operationName) =>
      graphql({ schema: monolith, source, variableValues, operationName }),
    reset() {
      world.reset()
      other.reset()
    },
  }
}

/** Is the operation one that the API allows? */
export function isValid(schema: GraphQLSchema, query: string): boolean {
  return validate(schema, parse(query)).length === 0
}

function subgraphOf(model: Model, name: string, world: World): TestSubgraph {
  const resolvers: Record<string, Record<string, unknown>> = resolversOf(model, name, world)
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

function resolversOf(model: Model, subgraph: string | null, world: World): Resolvers {
  const resolvers: Resolvers = { Org: { oid: (on: Thing) => on.given?.['oid'] } }
  const add = (type: string, fields: readonly FieldModel[]): void => {
    const into = (resolvers[type] ??= {})
    for (const field of fields)
      if (
        subgraph === null ||
        field.owners.includes(subgraph) ||
        field.overrides === subgraph ||
        isProvided(model, field, subgraph)
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

function isProvided(model: Model, field: FieldModel, subgraph: string): boolean {
  const all = [
    ...model.queries,
    ...model.mutations,
    ...[...model.types.values()].flatMap((type) => (Array.isArray(type.fields) ? type.fields : [])),
  ]
  return all.some((one) => one.provides === field.name && one.owners.includes(subgraph))
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
