import {
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as FederatedSupergraph,
  isInterfaceType,
  isUnionType,
} from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'
import { readJoins, type Joins } from './joins.js'

/** A composed supergraph, read once: what every stage of a request looks things up in. */
export interface Supergraph {
  readonly sdl: string
  /** The form that the planner reads. */
  readonly federated: FederatedSupergraph
  /** What clients see, with `@defer`. */
  readonly api: GraphQLSchema
  readonly joins: Joins
  /** Is an object of type `typename` also a `condition`? Knows what clients do not see, and types that an interface object stands for. */
  readonly isA: (typename: string, condition: string) => boolean
}

/** Reads a supergraph; throws what Apollo's library says is wrong with it. */
export function openSupergraph(sdl: string): Supergraph {
  const federated = FederatedSupergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
  const members = membersOf(federated)
  return {
    sdl,
    federated,
    api: federated.apiSchema().toGraphQLJSSchema({ includeDefer: true }),
    joins: readJoins(sdl),
    isA: (typename, condition) => typename === condition || members.get(condition)?.has(typename) === true,
  }
}

/** Every abstract type with the names of all types that may stand in its place. */
function membersOf(federated: FederatedSupergraph): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, ReadonlySet<string>>()
  for (const type of federated.schema.types()) {
    if (isInterfaceType(type)) members.set(type.name, new Set(type.allImplementations().map((one) => one.name)))
    if (isUnionType(type)) members.set(type.name, new Set(type.types().map((one) => one.name)))
  }
  return members
}
