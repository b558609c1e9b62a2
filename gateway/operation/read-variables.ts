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
  type GraphQLType,
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
  try {
    for (const definition of definitions) readVariable(declared(schema, definition), given, values, errors)
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  if (errors.length > 0) throw new RequestErrors('BAD_USER_INPUT', errors)
  return values
}

/** A variable as its operation declares it. */
interface Declared {
  readonly name: string
  readonly definition: VariableDefinitionNode
  readonly type: GraphQLType | undefined
  /** Says of a value that it is one of the type already; most are. */
  readonly isPlain: ((value: unknown) => boolean) | null
}

const known = new WeakMap<GraphQLSchema, WeakMap<VariableDefinitionNode, Declared>>()

/** Looked up once for each operation of a schema. */
function declared(schema: GraphQLSchema, definition: VariableDefinitionNode): Declared {
  let ofSchema = known.get(schema)
  if (ofSchema === undefined) known.set(schema, (ofSchema = new WeakMap<VariableDefinitionNode, Declared>()))
  let it = ofSchema.get(definition)
  if (it === undefined) {
    const type = typeFromAST(schema, definition.type)
    const isPlain = PLAIN.get(String(type).replace('!', '')) ?? null
    it = { name: definition.variable.name.value, definition, type, isPlain }
    ofSchema.set(definition, it)
  }
  return it
}

/** Values that coercion gives back as they are. */
const PLAIN: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['String', (value: unknown) => typeof value === 'string'],
  ['ID', (value: unknown) => typeof value === 'string'],
  ['Int', (value: unknown) => typeof value === 'number' && (value | 0) === value],
  ['Boolean', (value: unknown) => typeof value === 'boolean'],
])

/** Nobody reads more errors than this, and each of a hundred thousand wrong items costs a search for what was meant. */
class Enough extends Error {}

/** A record whose keys may be any text. */
export function emptyRecord(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown> // a null prototype is what makes any key safe
}

function readVariable(
  { name, definition, type, isPlain }: Declared,
  given: Readonly<Record<string, unknown>> | null,
  values: Record<string, unknown>,
  errors: GraphQLError[],
): void {
  const value = given !== null && Object.hasOwn(given, name) ? given[name] : undefined
  if (isPlain?.(value) === true) {
    values[name] = value
    return
  }
  const say = (message: string): void => {
    errors.push(new GraphQLError(message, { nodes: definition }))
    if (errors.length < MOST_ERRORS) return
    errors.push(new GraphQLError('Too many errors processing variables, error limit reached. Execution aborted.'))
    throw new Enough()
  }
  if (!isInputType(type)) {
    say(`Variable "$${name}" expected value of type "${print(definition.type)}" which cannot be used as an input type.`)
    return
  }
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
