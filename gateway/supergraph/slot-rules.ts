import {
  Kind,
  OperationTypeNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
} from 'graphql'

/** How a field that depends on the viewer alone is asked for many viewers at once. */
export interface SlotRule {
  readonly subgraph: string
  /** A root field `(members: [ID!]!, ids: [ID!]!)` that gives, for each member, a list of one value for each id. */
  readonly field: string
}

/** Reads `@live(viewer: "rootField")` of every field, by `Type.field`; a root field that nobody has is as if nothing was said. */
export function readSlotRules(document: DocumentNode, live: string): ReadonlyMap<string, SlotRule> {
  const rules = new Map<string, SlotRule>()
  const owners = ownersOfRoots(document)
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    for (const { name, directives } of type.fields ?? []) {
      const field = textOf(directives, live, 'viewer')
      const subgraph = field === null ? undefined : owners.get(field)
      if (field !== null && subgraph !== undefined) rules.set(`${type.name.value}.${name.value}`, { subgraph, field })
    }
  }
  return rules
}

/** For each root field of queries the subgraph that answers it. */
function ownersOfRoots(document: DocumentNode): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const graphs = new Map<string, string>()
  let query = 'Query'
  for (const definition of document.definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph')
      for (const value of definition.values ?? []) graphs.set(value.name.value, graphName(value))
    if (definition.kind === Kind.SCHEMA_DEFINITION)
      query =
        definition.operationTypes.find(({ operation }) => operation === OperationTypeNode.QUERY)?.type.name.value ??
        query
  }
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION || type.name.value !== query) continue
    for (const { name, directives } of type.fields ?? []) {
      const graph = textOf(directives, 'join__field', 'graph') ?? textOf(type.directives, 'join__type', 'graph')
      const owner = graph === null ? undefined : graphs.get(graph)
      if (owner !== undefined) owners.set(name.value, owner)
    }
  }
  return owners
}

function graphName({ name, directives }: EnumValueDefinitionNode): string {
  return textOf(directives, 'join__graph', 'name') ?? name.value
}

function textOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  directive: string,
  argument: string,
): string | null {
  for (const one of directives ?? []) {
    if (one.name.value !== directive) continue
    const value = one.arguments?.find(({ name }) => name.value === argument)?.value
    if (value?.kind === Kind.STRING || value?.kind === Kind.ENUM) return value.value
  }
  return null
}
