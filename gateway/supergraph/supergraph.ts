import {
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as FederatedSupergraph,
  baseType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  operationFromDocument,
  type Operation as FederatedOperation,
} from '@apollo/federation-internals'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { readAccessRules, type AccessRules } from './access-rules.js'
import { readCostRules, type CostRules } from './cost-rules.js'
import { readJoins, type Joins } from './joins.js'
import { readLiveRules, type LiveRules } from './live-rules.js'
import { readSubgraphTypes, type SubgraphTypes } from './subgraph-types.js'

/** A composed supergraph, read once: what every stage of a request looks things up in. */
export interface Supergraph {
  readonly sdl: string
  /** The form that the planner reads. */
  readonly federated: FederatedSupergraph
  /** A document that fits the API, in the form that the planner reads. */
  readonly federatedOperation: (document: DocumentNode) => FederatedOperation
  /** What clients see, with `@defer`. */
  readonly api: GraphQLSchema
  readonly joins: Joins
  /** What its `@live` directives say. */
  readonly live: LiveRules
  /** What each subgraph knows and resolves. */
  readonly subgraphTypes: readonly SubgraphTypes[]
  /** Who may see what; null when nothing is protected. */
  readonly access: AccessRules | null
  readonly costs: CostRules
  /** The name of the type that a field leads to, lists and exclamation marks taken off; null for what there is not. */
  readonly fieldType: (parent: string, field: string) => string | null
  /** The name of the type at the root of operations of a kind. */
  readonly rootName: (kind: 'query' | 'mutation' | 'subscription') => string
  /** The types that may stand in an abstract type's place. */
  readonly membersOf: (name: string) => readonly string[]
  readonly isAbstract: (name: string) => boolean
  /** Is an object of type `typename` also a `condition`? Knows what clients do not see, too. */
  readonly isA: (typename: string, condition: string) => boolean
}

/**
 * Reads a supergraph; throws what Apollo's library says is wrong with it. `shared` are fields that tell the same to all who may see
 * them, beside those of which it says so itself: of the subscription type by their names, others as `Type.field`.
 */
export function openSupergraph(sdl: string, shared: readonly string[] = []): Supergraph {
  const federated = FederatedSupergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
  const members = membersOf(federated)
  const objects = objectsOf(federated)
  const subgraphTypes = readSubgraphTypes(federated)
  const live = readLiveRules(sdl)
  const rootName: Supergraph['rootName'] = (kind) => federated.schema.schemaDefinition.rootType(kind)?.name ?? ''
  const alike = shared.map((name) => (name.includes('.') ? name : `${rootName('subscription')}.${name}`))
  return {
    sdl,
    federated,
    api: federated.apiSchema().toGraphQLJSSchema({ includeDefer: true }),
    federatedOperation: (document) => operationFromDocument(federated.apiSchema(), document, { validate: false }),
    joins: readJoins(sdl),
    live,
    subgraphTypes,
    costs: readCostRules(federated.schema),
    access: readAccessRules(federated, subgraphTypes, new Set([...live.alike, ...alike])),
    fieldType: (parent, field) => fieldTypeOf(federated, parent, field),
    rootName,
    membersOf: (name) => objects.get(name) ?? [],
    isAbstract: (name) => members.has(name),
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

function objectsOf(federated: FederatedSupergraph): ReadonlyMap<string, readonly string[]> {
  const objects = new Map<string, readonly string[]>()
  for (const type of federated.schema.types()) {
    if (isInterfaceType(type))
      objects.set(
        type.name,
        type.possibleRuntimeTypes().map((one) => one.name),
      )
    if (isUnionType(type))
      objects.set(
        type.name,
        type.types().map((one) => one.name),
      )
  }
  return objects
}

function fieldTypeOf(federated: FederatedSupergraph, parent: string, field: string): string | null {
  const type = federated.schema.type(parent)
  if (!type || (!isObjectType(type) && !isInterfaceType(type))) return null
  const found = type.field(field)?.type
  return found ? baseType(found).name : null
}
