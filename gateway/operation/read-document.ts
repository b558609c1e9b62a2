import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { deferRules } from './defer-rules.js'
import { RequestErrors } from './request-errors.js'

/** A document that may be executed, with its parts by name. */
export interface ReadDocument {
  readonly operations: readonly OperationDefinitionNode[]
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** Text → parsed → validated. Throws `RequestErrors` with Apollo's codes. */
export function readDocument(schema: GraphQLSchema, text: string, maxTokens: number): ReadDocument {
  const document = parsed(text, maxTokens)
  const errors = validated(schema, document)
  if (errors.length > 0) throw new RequestErrors('GRAPHQL_VALIDATION_FAILED', errors)
  return partsOf(document)
}

/** The parts of a document that somebody has validated already. */
export function partsOf(document: DocumentNode): ReadDocument {
  const operations: OperationDefinitionNode[] = []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return { operations, fragments }
}

/** The parser descends by recursion: nesting that is too deep ends the stack, which is the client's fault and no crash. */
function parsed(text: string, maxTokens: number): DocumentNode {
  try {
    return parse(text, { maxTokens })
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestErrors('GRAPHQL_PARSE_FAILED', [error])
    if (error instanceof RangeError)
      throw new RequestErrors('GRAPHQL_PARSE_FAILED', [
        new GraphQLError('Syntax Error: the document is nested too deeply.'),
      ])
    throw error
  }
}

const RULES = [...specifiedRules, ...deferRules]

function validated(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  try {
    return validate(schema, document, RULES)
  } catch (error) {
    if (error instanceof RangeError) return [new GraphQLError('The document is nested too deeply.')]
    throw error
  }
}
