import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'

/** A selection set, and the fragments that it stands in. */
interface Source {
  readonly set: SelectionSetNode
  readonly within: Within | null
}

interface Within {
  readonly fragment: string
  readonly outer: Within | null
}

/** Fields of one name at one place. */
interface Meeting {
  /** Those that stand there themselves, and those that fragments bring. */
  own: number
  brought: number
  readonly below: Source[]
}

/** Selections that are walked at most; a document that has more of them once its fragments are put in is over any bound. */
const MOST_WALKED = 50_000

/**
 * GraphQL, "Field Selection Merging" compares each two fields that meet at one place under one name, and each two fragments that
 * meet. This is how many comparisons that may be, found in one walk; it stops growing just above `most`. What the same fragments
 * bring to another place is compared once.
 */
export function comparedPairs(document: DocumentNode, most: number): number {
  const walk = new Walk(document, most)
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) walk.level([{ set: definition.selectionSet, within: null }])
  walk.unreached()
  return walk.pairs
}

class Walk {
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #reached = new Set<string>()
  /** Fragments that met, by their names. */
  readonly #met = new Set<string>()
  readonly #most: number
  #walked = 0
  pairs = 0

  constructor(document: DocumentNode, most: number) {
    this.#most = most
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition)
  }

  /** Whatever stands at one place, and then at each place below it. */
  level(sources: readonly Source[]): void {
    const meetings = new Map<string, Meeting>()
    const spread = new Set<string>()
    for (const source of sources) this.#gather(source, source.within, { meetings, spread })
    const key = [...spread].join()
    const isNew = !this.#met.has(key)
    this.#met.add(key)
    if (isNew) this.#count(spread.size)
    for (const { own, brought, below } of meetings.values()) {
      this.#count(own, brought, isNew)
      if (this.#isOver) return
      if (below.length > 0 && (isNew || own > 0)) this.level(below)
    }
  }

  /** Fragments that no operation reaches are compared all the same. */
  unreached(): void {
    for (const [name, { selectionSet }] of this.#fragments)
      if (!this.#reached.has(name)) this.level([{ set: selectionSet, within: { fragment: name, outer: null } }])
  }

  get #isOver(): boolean {
    return this.pairs > this.#most
  }

  #count(own: number, brought = 0, isNew = true): void {
    const among = (many: number): number => (many * (many - 1)) / 2
    this.pairs = Math.min(this.pairs + among(own) + own * brought + (isNew ? among(brought) : 0), this.#most + 1)
  }

  #gather(
    { set, within }: Source,
    outside: Within | null,
    place: { readonly meetings: Map<string, Meeting>; readonly spread: Set<string> },
  ): void {
    for (const selection of set.selections) {
      if (++this.#walked > MOST_WALKED) this.pairs = this.#most + 1
      if (this.#isOver) return
      if (selection.kind === Kind.FIELD) {
        meet(place.meetings, (selection.alias ?? selection.name).value, {
          isOwn: within === outside,
          below: selection.selectionSet && { set: selection.selectionSet, within },
        })
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        this.#gather({ set: selection.selectionSet, within }, outside, place)
      else {
        const name = selection.name.value
        const fragment = this.#fragments.get(name)
        if (fragment === undefined || place.spread.has(name) || stands(within, name)) continue
        place.spread.add(name)
        this.#reached.add(name)
        this.#gather({ set: fragment.selectionSet, within: { fragment: name, outer: within } }, outside, place)
      }
    }
  }
}

function meet(
  meetings: Map<string, Meeting>,
  name: string,
  { isOwn, below }: { readonly isOwn: boolean; readonly below: Source | undefined },
): void {
  let meeting = meetings.get(name)
  if (meeting === undefined) meetings.set(name, (meeting = { own: 0, brought: 0, below: [] }))
  if (isOwn) meeting.own++
  else meeting.brought++
  if (below !== undefined) meeting.below.push(below)
}

/** A fragment that comes back to itself is another rule's to refuse. */
function stands(within: Within | null, name: string): boolean {
  for (let one = within; one !== null; one = one.outer) if (one.fragment === name) return true
  return false
}
