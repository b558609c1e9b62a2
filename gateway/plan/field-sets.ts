import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { Knowledge } from './knowledge.js'
import type { Found, Place } from './place.js'
import { bare, type Question } from './question.js'
import type { RequirementNames } from './requirement-names.js'

/** How one field is obtained at a place, whatever that takes; null when there is no way. */
export type ObtainField = (place: Place, field: FieldNode) => Found | null

/** Keys and required fields: everything of a field set is asked for, at each type that it speaks of. */
export class FieldSets {
  readonly #knowledge: Knowledge
  readonly #names: RequirementNames
  readonly #obtainField: ObtainField

  constructor(knowledge: Knowledge, names: RequirementNames, obtainField: ObtainField) {
    this.#knowledge = knowledge
    this.#names = names
    this.#obtainField = obtainField
  }

  /** Everything of a field set; the questions that bring it. */
  obtain(place: Place, selectionSet: SelectionSetNode): Set<Question> | null {
    const questions = new Set<Question>()
    for (const selection of selectionSet.selections) {
      const some =
        selection.kind === Kind.FIELD ? this.#obtainNeeded(place, selection) : this.#obtainFragment(place, selection)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }

  #obtainNeeded(place: Place, selection: FieldNode): Set<Question> | null {
    if (selection.name.value === '__typename')
      return new Set(
        place
          .entries()
          .slice(0, 1)
          .map(({ question }) => question),
      )
    const { selectionSet } = selection
    const found = this.#obtainField(place, bare(this.#names.inner(selection)))
    if (found === null) return this.#knowledge.isAbstract(place.type) ? this.#obtainOfEach(place, selection) : null
    if (!selectionSet || found.place === null) return found.questions
    const below = this.obtain(found.place, selectionSet)
    return below && new Set([...found.questions, ...below])
  }

  #obtainOfEach(place: Place, selection: FieldNode): Set<Question> | null {
    const questions = new Set<Question>()
    for (const type of this.#knowledge.objectTypes(place)) {
      const some = this.#obtainNeeded(place.only(type), selection)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }

  #obtainFragment(place: Place, selection: SelectionNode): Set<Question> | null {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return null
    const condition = selection.typeCondition?.name.value ?? place.type
    if (condition === place.type) return this.obtain(place, selection.selectionSet)
    const questions = new Set<Question>()
    for (const type of this.#knowledge.objectTypes(place).filter((one) => this.#knowledge.isA(one, condition))) {
      const some = this.obtain(place.only(type), selection.selectionSet)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }
}
