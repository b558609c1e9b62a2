import { Kind, parse, print, visit, type DocumentNode } from 'graphql'

/** The document without one of its parts, for each of them; what the cut leaves empty or unused goes too. */
export function* smallerOperations(query: string): Generator<string> {
  const document = parse(query, { noLocation: true })
  let nodes = 0
  visit(document, {
    enter() {
      nodes++
    },
  })
  for (let target = 1; target < nodes; target++) {
    const cut = without(document, target)
    if (cut !== null && cut.definitions.length > 0) yield print(cut)
  }
}

const CUTTABLE: ReadonlySet<string> = new Set([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.FRAGMENT_DEFINITION,
  Kind.OPERATION_DEFINITION,
  Kind.DIRECTIVE,
  Kind.ARGUMENT,
])

function without(document: DocumentNode, target: number): DocumentNode | null {
  let at = -1
  const done = { is: false }
  const cut = visit(document, {
    enter(node) {
      at++
      if (at !== target) return undefined
      if (!CUTTABLE.has(node.kind)) return undefined
      done.is = true
      return null
    },
  })
  return done.is ? tidied(cut) : null
}

/** Without what is empty or unused. */
function tidied(document: DocumentNode): DocumentNode {
  const defined = new Set<string>()
  const [spread, used] = [new Set<string>(), new Set<string>()]
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) defined.add(one.name.value)
  visit(document, {
    FragmentSpread: ({ name }) => void spread.add(name.value),
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  })
  const changed = { is: false }
  const gone = (isGone: boolean): null | undefined => {
    changed.is ||= isGone
    return isGone ? null : undefined
  }
  const tidy = visit(document, {
    Field: { leave: ({ selectionSet }) => gone(selectionSet?.selections.length === 0) },
    InlineFragment: { leave: ({ selectionSet }) => gone(selectionSet.selections.length === 0) },
    FragmentDefinition: {
      leave: ({ name, selectionSet }) => gone(!spread.has(name.value) || selectionSet.selections.length === 0),
    },
    FragmentSpread: ({ name }) => gone(!defined.has(name.value)),
    VariableDefinition: ({ variable }) => gone(!used.has(variable.name.value)),
    OperationDefinition: { leave: ({ selectionSet }) => gone(selectionSet.selections.length === 0) },
  })
  return changed.is ? tidied(tidy) : tidy
}
