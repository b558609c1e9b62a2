import {
  GraphQLError,
  coerceInputValue,
  isInputType,
  isNonNullType,
  print,
  typeFromAST,
  valueFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql'
import { RequestErrors } from './request-errors.js'

/** Coerced values by variable; a variable that was not given and has no default is absent. Its prototype is null. */
export type Variables = Readonly<Record<string, unknown>>

const MOST_ERRORS = 50

/**
 * GraphQL, "Coercing Variable Values". Written here because graphql-js collects into an ordinary object, where a variable
 * named `__proto__` would be lost.
 */
export function readVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Readonly<Record<string, unknown>> | null,
): Variables {
  const values = emptyRecord()
  const errors: GraphQLError[] = []
  for (const definition of definitions) {
    if (errors.length >= MOST_ERRORS) break
    readVariable(schema, definition, given, values, errors)
  }
  if (errors.length > 0) throw new RequestErrors('BAD_USER_INPUT', errors)
  return values
}

/** A record whose keys may be any text. */
export function emptyRecord(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown> // a null prototype is what makes any key safe
}

function readVariable(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  given: Readonly<Record<string, unknown>> | null,
  values: Record<string, unknown>,
  errors: GraphQLError[],
): void {
  const name = definition.variable.name.value
  const type = typeFromAST(schema, definition.type)
  const say = (message: string): void => {
    errors.push(new GraphQLError(message, { nodes: definition }))
  }
  if (!isInputType(type)) {
    say(`Variable "$${name}" expected value of type "${print(definition.type)}" which cannot be used as an input type.`)
    return
  }
  const value = given !== null && Object.hasOwn(given, name) ? given[name] : undefined
  if (value === undefined) {
    if (definition.defaultValue) values[name] = valueFromAST(definition.defaultValue, type)
    else if (isNonNullType(type)) say(`Variable "$${name}" of required type "${String(type)}" was not provided.`)
    return
  }
  if (value === null && isNonNullType(type)) {
    say(`Variable "$${name}" of non-null type "${String(type)}" must not be null.`)
    return
  }
  values[name] = coerced(value, type, name, say)
}

function coerced(value: unknown, type: GraphQLInputType, name: string, say: (message: string) => void): unknown {
  try {
    return coerceInputValue(value, type, (path, _invalid, error) => {
      const at = path.length > 0 ? ` at "${name}${path.map((key) => `.${key}`).join('')}"` : ''
      say(`Variable "$${name}" got invalid value${at}; ${error.message}`)
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    say(`Variable "$${name}" is nested too deeply.`)
    return null
  }
}
