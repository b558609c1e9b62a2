import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql'
import { Failure } from '../../platform/failure.js'
import { within, type Span } from '../../platform/observe/span.js'
import { deferRules } from './defer-rules.js'
import { checkSize, checkText, type Limits } from './limits.js'

/** By what a stranger's document is read. */
export interface DocumentRules {
  readonly limits: Limits
  readonly introspection: boolean
  /** Names of the schema are kept out of messages. */
  readonly hideSchema: boolean
}

/** A document that may be run, or the errors that it is refused with, each with its code. */
export type CheckedDocument =
  { readonly document: DocumentNode } | { readonly refused: readonly GraphQLFormattedError[] }

/** What is known of a text before it is checked. */
export interface Beforehand {
  /** Whether it was measured, and is within the limits. */
  readonly measured?: boolean
  readonly span?: Span | null
}

/** text -> limits -> parsed -> measured -> validated: what Apollo Server does for HTTP, with the same limits and the same codes. */
export function checkDocument(
  schema: GraphQLSchema,
  text: string,
  rules: DocumentRules,
  { measured = false, span = null }: Beforehand = {},
): CheckedDocument {
  try {
    const document = within(span, 'graphql.read', () => {
      checkText(text, rules.limits)
      return parse(text, { maxLexicalTokens: rules.limits.tokens })
    })
    const errors = within(span, 'graphql.validate', () => {
      if (!measured) checkSize(document, rules.limits)
      return validate(schema, document, rules.introspection ? OPEN_RULES : CLOSED_RULES, toldFaults(rules))
    })
    return errors.length === 0 ? { document } : { refused: errors.map(invalid) }
  } catch (error) {
    return { refused: [unreadable(error)] }
  }
}

/** So many faults of a document are told where the schema is hidden: who writes it there does not write it by them. */
const MOST_HIDDEN = 5
const MOST_SHOWN = 100

/** What of a document's faults is told, wherever it is validated. */
export function toldFaults({ hideSchema }: Pick<DocumentRules, 'hideSchema'>): ValidationOptions {
  return { maxErrors: hideSchema ? MOST_HIDDEN : MOST_SHOWN, hideSuggestions: hideSchema }
}

interface ValidationOptions {
  readonly maxErrors: number
  readonly hideSuggestions: boolean
}

const OPEN_RULES = [...specifiedRules, ...deferRules]
const CLOSED_RULES = [...OPEN_RULES, NoSchemaIntrospectionCustomRule]

/** What a document was refused for, as an answer tells it. */
export function unreadable(error: unknown): GraphQLFormattedError {
  if (error instanceof Failure) return { message: error.message, extensions: { code: error.code } }
  if (error instanceof GraphQLError) return { ...error.toJSON(), extensions: { code: 'GRAPHQL_PARSE_FAILED' } }
  return { message: 'the document cannot be read', extensions: { code: 'GRAPHQL_PARSE_FAILED' } } // a parser that ran out of stack
}

function invalid(error: GraphQLError): GraphQLFormattedError {
  return { ...error.toJSON(), extensions: { code: error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED' } }
}
