import type { FieldNode, SelectionSetNode } from 'graphql'
import type { SubgraphType } from '../supergraph/subgraph-types.js'
import type { PartView } from './part-view.js'
import type { PathStep } from './plan.js'
import { pathKey, responseKey, type Asked, type Question, type Wanting } from './question.js'

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
export class Place implements Wanting {
  readonly type: string
  readonly path: readonly PathStep[]
  /** The path as text. */
  readonly key: string
  /** The place and field that lead here; null for the root. */
  readonly from: { readonly place: Place; readonly field: FieldNode } | null
  /** The same objects, whatever their type, when this place has those of one type only. */
  readonly wider: Place | null
  readonly found = new Map<string, Found>()
  readonly #view: PartView
  #entries: readonly Entry[] = []
  readonly #wanted = new Map<string, FieldNode>()
  readonly #narrowed = new Map<string, Place>()
  #all: { readonly ofWider: readonly Entry[]; readonly own: number; readonly entries: readonly Entry[] } | null = null

  constructor(type: string, { path, from }: Pick<Place, 'path' | 'from'>, view: PartView, wider: Place | null = null) {
    this.#view = view
    this.type = type
    this.path = path
    this.key = wider?.key ?? pathKey(path)
    this.from = from
    this.wider = wider
  }

  /** All ways, those of the wider place as fragments on this type where the subgraph knows it there. */
  entries(): readonly Entry[] {
    if (this.wider === null) return this.#seen()
    const ofWider = this.wider.entries()
    const own = this.#entries.length
    if (this.#all?.own !== own || this.#all.ofWider !== ofWider) {
      const narrowed = ofWider.flatMap((entry) => narrowedEntry(entry, this.type))
      this.#all = { ofWider, own, entries: [...narrowed, ...this.#seen()] }
    }
    return this.#all.entries
  }

  #seen(): readonly Entry[] {
    return this.#view.isOnly ? this.#entries : this.#entries.filter(({ question }) => this.#view.sees(question))
  }

  /** Another number whenever there are more ways than before, here or above. */
  get version(): number {
    return this.entries().length + (this.from?.place.version ?? 0)
  }

  add(entry: Entry): void {
    this.#entries = [...this.#entries, entry]
    entry.asked.about.add(this)
  }

  /** Notes that fields are asked of all objects here. */
  want(fields: readonly FieldNode[]): void {
    for (const field of fields) this.#wanted.set(responseKey(field), field)
  }

  /** A field that is asked of all objects here: by itself, or by what is asked of more objects than these. */
  wanted(key: string): FieldNode | undefined {
    return this.#wanted.get(key) ?? this.wider?.wanted(key)
  }

  /** The objects of one type among those of this place. */
  only(type: string): Place {
    if (type === this.type) return this
    let narrowed = this.#narrowed.get(type)
    if (narrowed === undefined) this.#narrowed.set(type, (narrowed = new Place(type, this, this.#view, this)))
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
