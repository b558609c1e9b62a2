import 'reflect-metadata'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js'
import { isAbstractType, type GraphQLSchema } from 'graphql'
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql'
import { RefusalType } from './user-error.js'
import { typeDefinitions } from './type-definitions.js'

/** What an entity is known by when another subgraph points at it, with whatever its fields here `@requires`. */
export interface Reference {
  readonly __typename: string
  readonly id: string
}

/** Finds an entity by its reference, through a loader of the context; null when there is none. */
// The context's type is each subgraph's own (`RequestContext<Loaders, Flow>`); here it only passes through.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type FindReference = (reference: Reference, context: any) => unknown

// The shape of TypeGraphQL's own options: a class is a `Function` there.
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
type Class = Function

/** What a federated schema is made of. */
export interface FederatedParts {
  readonly resolvers: NonEmptyArray<Class>
  /** For each entity that is found by reference here. */
  readonly references: Readonly<Record<string, FindReference>>
  /** Types that no field returns by themselves: entities, members of a union, implementations of a shared interface. */
  readonly orphans?: readonly Class[]
}

/** TypeGraphQL classes -> one schema -> its document with directives -> executable Federation 2.9 schema, fit for JIT. */
export function buildFederatedSubgraph({ resolvers, references, orphans = [] }: FederatedParts): GraphQLSchema {
  const plain = buildSchemaSync({
    resolvers,
    orphanedTypes: [...orphans, RefusalType],
    validate: false,
    skipCheck: true,
    // It is asked for wherever there is a subscription; ours subscribe by a function of their own.
    pubSub: {
      publish() {},
      subscribe() {
        throw new Error('every subscription brings its own `subscribe`')
      },
    },
  })
  const map = resolverMap(plain)
  for (const [type, find] of Object.entries(references))
    map[type] = { ...map[type], __resolveReference: unfrozen(find) }
  // Apollo's type for the same map names every kind of value that it can hold.
  return buildSubgraphSchema({ typeDefs: typeDefinitions(plain), resolvers: map as GraphQLResolverMap<unknown> })
}

type ResolverMap = Record<string, Record<string, unknown>>

/**
 * TypeGraphQL's resolvers, but for two things. Which type stands behind an interface or a union is read at once from `__typename`:
 * graphql-jit cannot wait for TypeGraphQL's promise. And an object is of its type by its place, not by `instanceof`: rows are plain.
 */
function resolverMap(plain: GraphQLSchema): ResolverMap {
  // TypeGraphQL's type for the map forbids to take anything out of it.
  const map = createResolversMap(plain) as ResolverMap
  for (const type of Object.values(plain.getTypeMap())) {
    const entry = map[type.name]
    if (entry === undefined) continue
    delete entry['__isTypeOf']
    if (isAbstractType(type)) entry['__resolveType'] = (value: { __typename?: string }) => value.__typename
  }
  return map
}

/** `buildSubgraphSchema` writes `__typename` on what is found, which a loader may have given to others too, or frozen. */
function unfrozen(find: FindReference): FindReference {
  return async (reference, context) => {
    const found = await find(reference, context)
    return typeof found === 'object' && found !== null ? { ...found } : null
  }
}
