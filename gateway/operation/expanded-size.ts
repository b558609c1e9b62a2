import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'

/**
 * How many selections a selection set has when every fragment is written out in its place. Each fragment is counted once,
 * so the work is linear in the document; the count stops growing just above `ceiling`.
 */
export function expandedSize(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ceiling: number,
): number {
  const known = new Map<string, number>()

  function sizeOf(set: SelectionSetNode): number {
    let size = 0
    for (const selection of set.selections) {
      size += 1
      if (selection.kind === Kind.FRAGMENT_SPREAD) size += sizeOfFragment(selection.name.value)
      else if (selection.selectionSet) size += sizeOf(selection.selectionSet)
      if (size > ceiling) return ceiling + 1
    }
    return size
  }

  function sizeOfFragment(name: string): number {
    const found = known.get(name)
    if (found !== undefined) return found
    known.set(name, 0) // a cycle is refused by validation; here it only must end
    const fragment = fragments.get(name)
    const size = fragment === undefined ? 0 : sizeOf(fragment.selectionSet)
    known.set(name, size)
    return size
  }

  return sizeOf(selectionSet)
}
