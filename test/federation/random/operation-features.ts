import {
  Kind,
  OperationTypeNode,
  TypeInfo,
  isAbstractType,
  isObjectType,
  parse,
  print,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'
import type { RandomOperation } from './operation.js'

interface Asked {
  readonly document: DocumentNode
  readonly schema: GraphQLSchema
  readonly operation: RandomOperation
}

type Test = (asked: Asked) => boolean

/** What random operations have to have now and then, each with how it is seen. */
export const OPERATION_FEATURES: Readonly<Record<string, Test>> = {
  'an alias': aliased(/^z\d+$/),
  'an alias like a key': aliased(/^(id|sku|a|org)$/),
  'an alias like a field': aliased(/^f\d+$/),
  'an alias like a member of the prototype': aliased(/^(__proto__|constructor|toString|hasOwnProperty)$/),
  'a fragment without a type': ({ document }) =>
    found(document, (is) => ({ InlineFragment: ({ typeCondition }) => is(!typeCondition) })),
  'a fragment on its own type': within((on, at) => on === at),
  'a fragment on a member': within((on, at) => isAbstractType(at) && isObjectType(on)),
  'a fragment on something wider': within((on, at) => isObjectType(at) && isAbstractType(on)),
  'a named fragment': ({ document }) => found(document, (is) => ({ FragmentSpread: () => is(true) })),
  'a named fragment in another': ({ document }) =>
    found(document, (is) => ({
      FragmentDefinition: (node) => is(found(node, (isIt) => ({ FragmentSpread: () => isIt(true) }))),
    })),
  '@skip on a field': conditioned(Kind.FIELD, 'skip'),
  '@include on a field': conditioned(Kind.FIELD, 'include'),
  '@skip on a fragment': conditioned(Kind.INLINE_FRAGMENT, 'skip'),
  '@include on a fragment': conditioned(Kind.INLINE_FRAGMENT, 'include'),
  'a condition on a spread': (asked) =>
    conditioned(Kind.FRAGMENT_SPREAD, 'skip')(asked) || conditioned(Kind.FRAGMENT_SPREAD, 'include')(asked),
  'a condition that is written out': ({ document }) =>
    found(document, (is) => ({ Directive: (node) => is(isCondition(node) && valueKind(node) === Kind.BOOLEAN) })),
  'a condition by variable': ({ document }) =>
    found(document, (is) => ({ Directive: (node) => is(isCondition(node) && valueKind(node) === Kind.VARIABLE) })),
  'a variable without a value': variables((sent, hasDefault) => sent === undefined && !hasDefault),
  'a variable of null': variables((sent) => sent === null),
  'a variable that its default fills': variables((sent, hasDefault) => sent === undefined && hasDefault),
  'a variable over its default': variables((sent, hasDefault) => sent !== undefined && hasDefault),
  'a variable within an input object': inside(Kind.OBJECT_FIELD),
  'a variable within a list': inside(Kind.LIST),
  'the same field twice': ({ document }) =>
    found(document, (is) => ({
      SelectionSet: ({ selections }) => is(new Set(selections.map(print)).size < selections.length),
    })),
  'several operations': ({ document }) =>
    document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1,
  'a mutation': ({ document }) => mutations(document).some((count) => count > 0),
  'several mutations': ({ document }) => mutations(document).some((count) => count > 1),
}

/** The names of the features that an operation has, those aside that were seen before. */
export function operationFeatures(
  schema: GraphQLSchema,
  operation: RandomOperation,
  seen: ReadonlySet<string>,
): readonly string[] {
  const asked = { document: parse(operation.query, { noLocation: true }), schema, operation }
  return Object.entries(OPERATION_FEATURES).flatMap(([name, test]) => (!seen.has(name) && test(asked) ? [name] : []))
}

/** Does the walk come upon what is looked for? */
function found(node: ASTNode, look: (is: (it: boolean) => void) => ASTVisitor, types: TypeInfo | null = null): boolean {
  const seen = { it: false }
  const visitor = look((it) => void (seen.it ||= it))
  visit(node, types ? visitWithTypeInfo(types, visitor) : visitor)
  return seen.it
}

function aliased(to: RegExp): Test {
  return ({ document }) =>
    found(document, (is) => ({ Field: ({ alias }) => is(alias !== undefined && to.test(alias.value)) }))
}

function within(test: (on: unknown, at: unknown) => boolean): Test {
  return ({ document, schema }) => {
    const types = new TypeInfo(schema)
    return found(
      document,
      (is) => ({
        SelectionSet: ({ selections }) => {
          for (const one of selections)
            if (one.kind === Kind.INLINE_FRAGMENT && one.typeCondition)
              is(test(schema.getType(one.typeCondition.name.value), types.getParentType()))
        },
      }),
      types,
    )
  }
}

function conditioned(kind: Kind, name: string): Test {
  return ({ document }) =>
    found(document, (is) => ({
      enter: (node) => {
        if (node.kind !== kind || !('directives' in node)) return
        for (const directive of node.directives ?? []) is(directive.name.value === name)
      },
    }))
}

function variables(test: (sent: unknown, hasDefault: boolean) => boolean): Test {
  return ({ document, operation }) =>
    found(document, (is) => ({
      VariableDefinition: ({ variable, defaultValue }) =>
        is(test(operation.variables[variable.name.value], defaultValue !== undefined)),
    }))
}

function inside(kind: Kind): Test {
  return ({ document }) =>
    found(document, (is) => ({
      enter: (node) => {
        if (node.kind === kind) is(found(node, (isIt) => ({ Variable: () => isIt(true) })))
      },
    }))
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include'
}

function valueKind(node: DirectiveNode): Kind | undefined {
  return node.arguments?.[0]?.value.kind
}

/** How many fields each mutation has. */
function mutations({ definitions }: DocumentNode): number[] {
  return definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION && one.operation === OperationTypeNode.MUTATION
      ? [one.selectionSet.selections.filter(({ kind }) => kind === Kind.FIELD).length]
      : [],
  )
}
