import { Kind, OperationTypeNode, executeSync, visit, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Operation } from '../operation/read-operation.js'
import type { Variables } from '../operation/read-variables.js'
import type { Introspected } from './project.js'
import type { ShapeField } from './shape.js'

/** Answers an operation's introspection fields; graphql-js knows the schema best. Null when the operation has none. */
export function introspection(
  schema: GraphQLSchema,
  operation: Operation,
  rootFields: readonly ShapeField[],
): ((variables: Variables) => Introspected) | null {
  const asked = rootFields.filter(({ name }) => name === '__schema' || name === '__type')
  if (asked.length === 0) return null
  const document = documentOf(operation, asked)
  return (variableValues) => {
    const { data } = executeSync({ schema, document, variableValues, rootValue: {} })
    return new Map(asked.map(({ response }) => [response, JSON.stringify(data?.[response] ?? null)]))
  }
}

function documentOf(operation: Operation, asked: readonly ShapeField[]): DocumentNode {
  const selectionSet = { kind: Kind.SELECTION_SET, selections: asked.flatMap(({ nodes }) => nodes) } as const
  const fragments = [...operation.fragments.values()]
  const used = new Set<string>()
  const noteVariable = {
    Variable: ({ name }: { readonly name: { readonly value: string } }) => void used.add(name.value),
  }
  for (const node of [selectionSet, ...fragments]) visit(node, noteVariable)
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        selectionSet,
        variableDefinitions:
          operation.definition.variableDefinitions?.filter((one) => used.has(one.variable.name.value)) ?? [],
      },
      ...fragments,
    ],
  }
}
