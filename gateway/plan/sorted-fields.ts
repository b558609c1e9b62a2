import { Kind, type FieldNode, type SelectionNode } from 'graphql'
import type { Knowledge } from './knowledge.js'
import type { PartView, Postponed } from './part-view.js'
import type { Place } from './place.js'
import type { Parts } from './planner.js'

/** What is asked at a place: of all its objects, and of those of one type only. */
export interface SortedFields {
  readonly whole: FieldNode[]
  readonly byType: Map<string, FieldNode[]>
}

/** Sorts selections into fields of the place's own type and of some of its types; those of other parts are put off. */
export class Sorting {
  readonly #knowledge: Knowledge
  readonly #parts: Parts
  readonly #view: PartView
  readonly #postponed: Postponed<Place, FieldNode>

  constructor(
    knowledge: Knowledge,
    { parts, view, postponed }: { parts: Parts; view: PartView; postponed: Postponed<Place, FieldNode> },
  ) {
    this.#knowledge = knowledge
    this.#parts = parts
    this.#view = view
    this.#postponed = postponed
  }

  sorted(place: Place, selections: readonly SelectionNode[]): SortedFields {
    const fields: SortedFields = { whole: [], byType: new Map() }
    this.#sort(place, selections, null, fields)
    place.want(fields.whole)
    for (const [type, some] of fields.byType) place.only(type).want(some)
    return fields
  }

  #sort(place: Place, selections: readonly SelectionNode[], types: readonly string[] | null, into: SortedFields): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) this.#sortField(place, selection, types, into)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? place.type
        const all = types ?? this.#knowledge.objectTypes(place)
        const within = all.filter((type) => this.#knowledge.isA(type, condition))
        const isWhole = types === null && (condition === place.type || !this.#knowledge.isAbstract(place.type))
        this.#sort(place, selection.selectionSet.selections, isWhole ? null : within, into)
      }
    }
  }

  #sortField(place: Place, field: FieldNode, types: readonly string[] | null, { whole, byType }: SortedFields): void {
    if (field.name.value === '__typename') return
    const part = this.#parts.of(field)
    if (part !== this.#view.now)
      for (const at of types === null ? [place] : types.map((type) => place.only(type)))
        this.#postponed.add(part, at, field)
    else if (types === null) whole.push(field)
    else for (const type of types) byType.set(type, [...(byType.get(type) ?? []), field])
  }
}
