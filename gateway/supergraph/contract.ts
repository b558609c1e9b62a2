import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph as FederatedSupergraph } from '@apollo/federation-internals'
import {
  Kind,
  parse,
  print,
  visit,
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type NameNode,
} from 'graphql'
import { excludedBy } from './contract-rules.js'

/** Which part of a graph a contract shows, by the names of `@tag`. */
export interface Contract {
  /** When any is named, only what bears one of them is shown. */
  readonly include: readonly string[]
  /** What bears one of these is not shown, whatever else it bears. */
  readonly exclude: readonly string[]
}

/**
 * The same supergraph with all that the contract does not show made `@inaccessible`: clients do not know it, and plans may still
 * go through it. Throws when nothing is left to ask for.
 */
export function contracted(sdl: string, contract: Contract): string {
  if (contract.include.length === 0 && contract.exclude.length === 0) return sdl
  const { schema } = FederatedSupergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
  const hidden = excludedBy(schema, contract)
  const query = schema.schemaDefinition.rootType('query')?.name
  if (query !== undefined && hidden.has(query)) throw new Error('the contract leaves nothing of the query type')
  const inaccessible = schema.coreFeatures?.getByIdentity(IDENTITY)?.directiveNameInSchema('inaccessible')
  const document = marked(parse(sdl, { noLocation: true }), hidden, inaccessible ?? 'inaccessible')
  return inaccessible === undefined ? `${print(withLink(document))}\n${DEFINITION}` : print(document)
}

const IDENTITY = 'https://specs.apollo.dev/inaccessible'
const DEFINITION =
  'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION'
const LINK = `schema @link(url: "${IDENTITY}/v0.2", for: SECURITY) { query: Q }`

function withLink(document: DocumentNode): DocumentNode {
  const [source] = parse(LINK, { noLocation: true }).definitions
  const links = source?.kind === Kind.SCHEMA_DEFINITION ? (source.directives ?? []) : []
  return visit(document, {
    SchemaDefinition: (node) => ({ ...node, directives: [...(node.directives ?? []), ...links] }),
  })
}

/** Elements are named `Type`, `Type.field`, `Type.field.argument`, `Enum.VALUE` and `Input.field`. */
function marked(document: DocumentNode, hidden: ReadonlySet<string>, directive: string): DocumentNode {
  const path: string[] = []
  const mark = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: directive } } as const
  return visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return false
      if (isElement(node)) path.push(node.name.value)
      return undefined
    },
    leave(node) {
      if (!isElement(node)) return undefined
      const name = path.join('.')
      path.pop()
      const isMarked = node.directives?.some((one) => one.name.value === directive) === true
      return hidden.has(name) && !isMarked ? { ...node, directives: [...(node.directives ?? []), mark] } : undefined
    },
  })
}

interface Element {
  readonly name: NameNode
  readonly directives?: readonly ConstDirectiveNode[]
}

const ELEMENTS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
])

function isElement(node: ASTNode): node is ASTNode & Element {
  return ELEMENTS.has(node.kind)
}
