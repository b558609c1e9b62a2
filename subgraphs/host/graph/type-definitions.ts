import {
  isObjectType,
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
import { listSizeOf } from './list-size.js'

const FEDERATION = parse(`extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag",
    "@authenticated", "@requiresScopes", "@interfaceObject", "@cost", "@listSize", "@composeDirective"]
)`)

/** What our gateway reads of live fields. The directive travels into the supergraph by `@composeDirective`; `docs/live.md` tells of it. */
const LIVE = parse(`
extend schema
  @link(url: "https://daihuo.example/live/v1.0", import: ["@live"])
  @composeDirective(name: "@live")

directive @live(
  shared: Boolean
  personal: Boolean
  viewer: String
  cursor: String
  resume: String
  gap: String
  conflate: String
  maxPerSecond: Float
) on FIELD_DEFINITION | OBJECT
`)

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
  const links = saysLive(schema) ? [...FEDERATION.definitions, ...LIVE.definitions] : FEDERATION.definitions
  return { kind: Kind.DOCUMENT, definitions: [...links, ...document.definitions.filter(holdsFields)] }
}

function restored<Node extends FieldDefinitionNode | InputValueDefinitionNode>(node: Node, type: Composite): Node {
  const field = type.getFields()[node.name.value]
  const directives = [...(node.directives ?? []), ...directivesOf(field)]
  if (node.kind !== Kind.FIELD_DEFINITION || field === undefined || !('args' in field)) return { ...node, directives }
  const args = node.arguments?.map((arg) => ({
    ...arg,
    directives: [...(arg.directives ?? []), ...directivesOf(field.args.find(({ name }) => name === arg.name.value))],
  }))
  return { ...node, directives: [...directives, ...listSizeOf(field)], arguments: args }
}

interface Described {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

function directivesOf(described: Described | undefined): readonly ConstDirectiveNode[] {
  return described?.astNode?.directives ?? []
}

function saysLive(schema: GraphQLSchema): boolean {
  return Object.values(schema.getTypeMap()).some((type) => {
    const fields = isObjectType(type) ? Object.values(type.getFields()) : []
    return [type, ...fields].some((one) => directivesOf(one).some(({ name }) => name.value === 'live'))
  })
}

/** A root type without fields stands in no document: a subgraph may have no query of its own. */
function holdsFields(node: DefinitionNode): boolean {
  return node.kind !== Kind.OBJECT_TYPE_DEFINITION || (node.fields?.length ?? 0) > 0
}
