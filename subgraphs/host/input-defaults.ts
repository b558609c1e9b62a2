import {
  astFromValue,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
  valueFromASTUntyped,
  type DocumentNode,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'

/** Variables with the defaults of their input types filled in. */
export type FillDefaults = (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

/**
 * graphql-jit refuses an absent field of an input object that may not be null, though it has a default. What fills them in is made once for
 * a document; null when none of its variables needs it. (An input type that holds itself is to be avoided altogether: graphql-jit unrolls
 * it for minutes.)
 */
export function fillDefaults(schema: GraphQLSchema, document: DocumentNode): FillDefaults | null {
  const types = new Map<string, GraphQLInputType>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    for (const { variable, type } of definition.variableDefinitions ?? []) {
      const found = typeFromAST(schema, type)
      if (isInputType(found) && needsFilling(found)) types.set(variable.name.value, found)
    }
  }
  if (types.size === 0) return null
  return (variables) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => {
        const type = types.get(name)
        return [name, type === undefined ? value : filled(value, type)]
      }),
    )
}

/** Whether a field with a default can be reached. Types that point at each other are looked at once. */
function needsFilling(type: GraphQLInputType, seen = new Set<string>()): boolean {
  const named = itemType(type)
  if (!isInputObjectType(named) || seen.has(named.name)) return false
  seen.add(named.name)
  return Object.values(named.getFields()).some((field) => isFilled(field) || needsFilling(field.type, seen))
}

function isFilled(field: GraphQLInputField): boolean {
  return isNonNullType(field.type) && field.defaultValue !== undefined
}

function itemType(type: GraphQLInputType): GraphQLInputType {
  const nullable = getNullableType(type)
  return isListType(nullable) ? itemType(nullable.ofType) : nullable
}

function filled(value: unknown, type: GraphQLInputType): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, type))
  const named = itemType(type)
  if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return value
  // A copy with the client's own keys, whatever they are called; what is no field of the type is still refused by the executor.
  const copy = new Map<string, unknown>(Object.entries(value))
  for (const field of Object.values(named.getFields())) {
    if (copy.has(field.name)) copy.set(field.name, filled(copy.get(field.name), field.type))
    else if (isFilled(field)) copy.set(field.name, written(field))
  }
  return Object.fromEntries(copy)
}

/** The default as a client would write it. */
function written({ defaultValue, type }: GraphQLInputField): unknown {
  const node = astFromValue(defaultValue, type)
  return node == null ? null : valueFromASTUntyped(node)
}
