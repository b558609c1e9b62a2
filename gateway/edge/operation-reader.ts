import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql'
import { Failure } from '../../platform/failure.js'
import type { Engine } from '../answer.js'
import { checkText, limitsRule } from './limits.js'
import type { EdgeSettings } from './settings.js'
import type { TrustedDocuments, WantedDocument } from './trusted-documents.js'

/** A document that may be run, or the errors that it is refused with as JSON text. */
export type ReadOperation = { readonly text: string; readonly document: DocumentNode } | { readonly refused: string }

/** Reads what a `subscribe` message wants run. */
export type OperationReader = (engine: Engine, wanted: WantedDocument) => ReadOperation

/** The most documents that are remembered, good or bad. */
const MOST_KNOWN = 1_000

/** text -> limits -> parse -> validate, each document once: what Apollo Server does for HTTP, with the same limits and the same codes. */
export function operationReader(settings: EdgeSettings, trusted: TrustedDocuments): OperationReader {
  const known = new WeakMap<Engine, Map<string, ReadOperation>>()
  const rules = [...specifiedRules, limitsRule(settings.limits)]
  if (!settings.introspection) rules.push(NoSchemaIntrospectionCustomRule)
  return (engine, wanted) => {
    const text = resolved(wanted)
    if (typeof text !== 'string') return text
    const documents = known.get(engine) ?? new Map<string, ReadOperation>()
    known.set(engine, documents)
    const remembered = documents.get(text)
    if (remembered !== undefined) return remembered
    const fresh = read(engine, text)
    if (documents.size >= MOST_KNOWN) documents.clear()
    documents.set(text, fresh)
    return fresh
  }

  function resolved(wanted: WantedDocument): string | ReadOperation {
    try {
      return trusted.resolve(wanted) ?? ''
    } catch (error) {
      return { refused: JSON.stringify([unreadable(error)]) }
    }
  }

  function read(engine: Engine, text: string): ReadOperation {
    try {
      checkText(text, settings.limits)
      const document = parse(text, { maxLexicalTokens: settings.limits.tokens })
      const errors = validate(engine.schema, document, rules)
      return errors.length === 0 ? { text, document } : { refused: JSON.stringify(errors.map(invalid)) }
    } catch (error) {
      return { refused: JSON.stringify([unreadable(error)]) }
    }
  }
}

function invalid(error: GraphQLError): object {
  return { ...error.toJSON(), extensions: { code: error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED' } }
}

function unreadable(error: unknown): object {
  if (error instanceof Failure) return { message: error.message, extensions: { code: error.code } }
  if (error instanceof GraphQLError) return { ...error.toJSON(), extensions: { code: 'GRAPHQL_PARSE_FAILED' } }
  return { message: 'the document cannot be read', extensions: { code: 'GRAPHQL_PARSE_FAILED' } } // a parser that ran out of stack
}
