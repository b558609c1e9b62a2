import { Kind, parse, print, visit, type DirectiveNode, type SelectionNode } from 'graphql'

/** The operation without what `@defer` lets come later: such a fragment is skipped under the same condition. */
export function promptly(query: string): string {
  const later = (node: SelectionNode): SelectionNode | undefined => {
    const defer = node.directives?.find(({ name }) => name.value === 'defer')
    if (defer === undefined) return undefined
    const kept = { ...node, directives: node.directives?.filter((one) => one !== defer) ?? [] }
    return {
      kind: Kind.INLINE_FRAGMENT,
      directives: [skip(defer)],
      selectionSet: { kind: Kind.SELECTION_SET, selections: [kept] },
    }
  }
  return print(visit(parse(query), { InlineFragment: { leave: later }, FragmentSpread: { leave: later } }))
}

function skip(defer: DirectiveNode): DirectiveNode {
  const value = defer.arguments?.find(({ name }) => name.value === 'if')?.value ?? { kind: Kind.BOOLEAN, value: true }
  const when = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value } as const
  return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'skip' }, arguments: [when] }
}
