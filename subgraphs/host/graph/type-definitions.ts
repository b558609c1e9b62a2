import {
  Kind,
  parse,
  printSchema,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
} from 'graphql'

const FEDERATION = parse(`extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag",
    "@authenticated", "@requiresScopes", "@interfaceObject", "@cost", "@listSize"]
)`)

type Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType

/**
 * The document of a schema made by TypeGraphQL, with its federation directives. TypeGraphQL keeps directives in syntax nodes
 * that hold nothing else, so that Apollo's printers fail on them: the schema is printed, parsed, and the directives put back.
 */
export function typeDefinitions(schema: GraphQLSchema): DocumentNode {
  const printed = parse(printSchema(schema), { noLocation: true })
  const document = visit(printed, {
    enter(node) {
      if (
        node.kind !== Kind.OBJECT_TYPE_DEFINITION &&
        node.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
        node.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION
      )
        return undefined
      // The printed node has the kind and the name of the type that it was printed from.
      const type = schema.getType(node.name.value) as Composite
      return { ...node, directives: directivesOf(type), fields: node.fields?.map((field) => restored(field, type)) }
    },
  })
  return { kind: Kind.DOCUMENT, definitions: [...FEDERATION.definitions, ...document.definitions.filter(holdsFields)] }
}

function restored<Node extends FieldDefinitionNode | InputValueDefinitionNode>(node: Node, type: Composite): Node {
  const field = type.getFields()[node.name.value]
  const directives = [...(node.directives ?? []), ...directivesOf(field)]
  if (node.kind !== Kind.FIELD_DEFINITION || field === undefined || !('args' in field)) return { ...node, directives }
  const args = node.arguments?.map((arg) => ({
    ...arg,
    directives: [...(arg.directives ?? []), ...directivesOf(field.args.find(({ name }) => name === arg.name.value))],
  }))
  return { ...node, directives, arguments: args }
}

interface Described {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

function directivesOf(described: Described | undefined): readonly ConstDirectiveNode[] {
  return described?.astNode?.directives ?? []
}

/** A root type without fields stands in no document: a subgraph may have no query of its own. */
function holdsFields(node: DefinitionNode): boolean {
  return node.kind !== Kind.OBJECT_TYPE_DEFINITION || (node.fields?.length ?? 0) > 0
}
