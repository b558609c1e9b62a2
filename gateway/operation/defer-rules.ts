import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ASTVisitor,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'

/** Incremental delivery, "Defer and Stream Directive Labels Are Unique": a label is a text that stands in the document, once. */
function labelsAreUnique(context: ValidationContext): ASTVisitor {
  const known = new Map<string, DirectiveNode>()
  return {
    Directive(node) {
      if (node.name.value !== 'defer') return
      const label = argumentOf(node, 'label')
      if (label === undefined || label.kind === Kind.NULL) return
      if (label.kind !== Kind.STRING) {
        refuse(context, 'Argument "label" of "@defer" must be a static string.', node)
        return
      }
      const other = known.get(label.value)
      if (other === undefined) known.set(label.value, node)
      else
        refuse(context, 'Value for arguments "label" of "@defer" must be unique over all of the document.', other, node)
    },
  }
}

/** "Defer and Stream Directives Are Used On Valid Root Field" and "… On Valid Operations". */
function deferIsAllowedHere(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation === OperationTypeNode.QUERY) return
      const root = context.getSchema().getRootType(operation.operation)?.name ?? operation.operation
      for (const directive of deferredAtRoot(operation, context))
        refuse(context, `"@defer" cannot be used on root ${operation.operation} type "${root}".`, directive)
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) refuseInSubscription(operation, context)
    },
  }
}

/** The rules of `@defer`, for whoever validates documents. */
export const deferRules: readonly ValidationRule[] = [labelsAreUnique, deferIsAllowedHere]

function refuse(context: ValidationContext, message: string, ...nodes: readonly DirectiveNode[]): void {
  context.reportError(new GraphQLError(message, { nodes }))
}

function argumentOf(
  node: DirectiveNode,
  name: string,
): NonNullable<DirectiveNode['arguments']>[number]['value'] | undefined {
  return node.arguments?.find((one) => one.name.value === name)?.value
}

/** A root field that ran later would not run in its turn. */
function deferredAtRoot(operation: OperationDefinitionNode, context: ValidationContext): readonly DirectiveNode[] {
  const found: DirectiveNode[] = []
  const seen = new Set<SelectionSetNode>()
  const waiting = [operation.selectionSet]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) continue
      found.push(...(selection.directives ?? []).filter(({ name }) => name.value === 'defer'))
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.getFragment(selection.name.value)
      if (inner) waiting.push(inner.selectionSet)
    }
  }
  return found
}

/** An event is answered at once: only a `@defer` that is off, or may be, can stand below. */
function refuseInSubscription(operation: OperationDefinitionNode, context: ValidationContext): void {
  const reached: readonly (OperationDefinitionNode | FragmentDefinitionNode)[] = [
    operation,
    ...context.getRecursivelyReferencedFragments(operation),
  ]
  for (const definition of reached)
    for (const directive of defersIn(definition.selectionSet)) {
      const on = argumentOf(directive, 'if')
      if (on?.kind === Kind.VARIABLE || (on?.kind === Kind.BOOLEAN && !on.value)) continue
      refuse(
        context,
        '"@defer" is not supported on subscription operations. Disable it by setting the "if" argument to "false".',
        directive,
      )
    }
}

function defersIn(selectionSet: SelectionSetNode): readonly DirectiveNode[] {
  return selectionSet.selections.flatMap((selection) => {
    const own = (selection.directives ?? []).filter(({ name }) => name.value === 'defer')
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? undefined : selection.selectionSet
    const below = inner ? defersIn(inner) : []
    return [...own, ...below]
  })
}
