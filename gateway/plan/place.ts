import type { FieldNode, SelectionSetNode } from 'graphql'
import type { SubgraphType } from '../supergraph/subgraph-types.js'
import type { PathStep } from './plan.js'
import type { Asked, Question } from './question.js'

/** A way in which a place's objects are already being asked about: by which question, and in which of its selection sets. */
export interface Entry {
  readonly question: Question
  readonly asked: Asked
  /** Foreign fields that the subgraph gives along on this way (`@provides`). */
  readonly provided: readonly SelectionSetNode[]
  /** Made for fields with requirements of their own, which must not burden others. */
  readonly isSpecial: boolean
}

/** What was found for a field: the questions that bring it, and the place that it leads to. */
export interface Found {
  readonly questions: Set<Question>
  readonly place: Place | null
}

/** A place of the answer, with objects of one type of the supergraph. */
export class Place {
  readonly type: string
  readonly path: readonly PathStep[]
  /** The place and field that lead here; null for the root. */
  readonly from: { readonly place: Place; readonly field: FieldNode } | null
  /** The same objects, whatever their type, when this place has those of one type only. */
  readonly wider: Place | null
  readonly found = new Map<string, Found>()
  readonly #entries: Entry[] = []
  readonly #narrowed = new Map<string, Place>()

  constructor(type: string, path: readonly PathStep[], from: Place['from'], wider: Place | null = null) {
    this.type = type
    this.path = path
    this.from = from
    this.wider = wider
  }

  /** All ways, those of the wider place as fragments on this type where the subgraph knows it there. */
  entries(): readonly Entry[] {
    if (this.wider === null) return this.#entries
    const type = this.type
    return [...this.wider.entries().flatMap((entry) => narrowedEntry(entry, type)), ...this.#entries]
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** The objects of one type among those of this place. */
  only(type: string): Place {
    if (type === this.type) return this
    let narrowed = this.#narrowed.get(type)
    if (narrowed === undefined) this.#narrowed.set(type, (narrowed = new Place(type, this.path, this.from, this)))
    return narrowed
  }
}

function narrowedEntry(entry: Entry, name: string): readonly Entry[] {
  const { asked, question } = entry
  if (asked.type.isInterfaceObject) return [entry] // it knows nothing of types, and serves them all
  if (!asked.type.members.includes(name)) return []
  const type: SubgraphType | undefined = question.subgraph.types.get(name)
  return type ? [{ ...entry, asked: asked.on(type) }] : []
}
