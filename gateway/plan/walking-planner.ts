import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import { requestError } from '../operation/request-errors.js'
import type { SubgraphField } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import { Entrances } from './entrances.js'
import { Knowledge } from './knowledge.js'
import { Place, type Entry, type Found } from './place.js'
import type { PathStep } from './plan.js'
import { NoWay, type Overrides, type Planner } from './planner.js'
import { providedBelow } from './provided.js'
import { bare, pathKey, type Question } from './question.js'
import { RequirementNames } from './requirement-names.js'
import { writtenPlan } from './write-plan.js'

/**
 * A planner that walks the operation once, from the root down, and asks each field where it can be had with what is known at
 * its place. A question waits for exactly the questions that bring its representations; fields with `@requires` are in
 * questions of their own, so that what they need is there and what they lack harms no other.
 */
export function walkingPlanner(supergraph: Supergraph): Planner {
  return {
    plan(document, overrides) {
      const [operation] = document.definitions
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a document of the planner has one operation')
      const walk = new Walk(supergraph, overrides, operation.operation)
      walk.plan(new Place(supergraph.rootName(operation.operation), [], null), operation.selectionSet.selections)
      return writtenPlan(walk.questions, operation)
    },
  }
}

/**
 * The budget of a plan. A field that has to be asked of each type of an interface by itself is planned for each, and so is all
 * below it: without a bound a small operation over many types could hold the event loop.
 */
const MOST_TAKEN = 8_000
const MOST_QUESTIONS = 200

class Walk {
  readonly #supergraph: Supergraph
  readonly #knowledge: Knowledge
  readonly #names = new RequirementNames()
  readonly #entrances: Entrances
  readonly #seeking = new Set<string>()
  #taken = 0

  constructor(supergraph: Supergraph, overrides: Overrides, kind: 'query' | 'mutation' | 'subscription') {
    this.#supergraph = supergraph
    this.#knowledge = new Knowledge(supergraph, overrides, kind)
    this.#entrances = new Entrances(this.#knowledge, this.#names, this, kind)
  }

  get questions(): readonly Question[] {
    return this.#entrances.questions
  }

  /** Plans a selection set at a place: each type that its objects can have gets all that is asked of it. */
  plan(place: Place, selections: readonly SelectionNode[]): void {
    const whole: FieldNode[] = []
    const byType = new Map<string, FieldNode[]>()
    this.#sort(place, selections, null, whole, byType)
    if (this.#knowledge.isAbstract(place.type)) this.#needTypename(place, selections)
    this.#planFields(place, whole, byType)
    for (const [type, fields] of byType) this.#planFields(place.only(type), fields, null)
  }

  /** Fields of the place's own type, and fields for some of its types only. */
  #sort(
    place: Place,
    selections: readonly SelectionNode[],
    types: readonly string[] | null,
    whole: FieldNode[],
    byType: Map<string, FieldNode[]>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === '__typename') continue
        if (types === null) whole.push(selection)
        else for (const type of types) byType.set(type, [...(byType.get(type) ?? []), selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? place.type
        const all = types ?? this.#knowledge.objectTypes(place)
        const within = all.filter((type) => this.#knowledge.isA(type, condition))
        const isWhole = types === null && (condition === place.type || !this.#knowledge.isAbstract(place.type))
        this.#sort(place, selection.selectionSet.selections, isWhole ? null : within, whole, byType)
      }
    }
  }

  /** What is here already is taken; then the subgraph that has most of the rest is entered, again and again. */
  #planFields(place: Place, fields: readonly FieldNode[], byType: Map<string, FieldNode[]> | null): void {
    const pending: FieldNode[] = []
    for (const field of fields) {
      const entry = this.#knowledge.localEntry(place, field)
      if (entry) this.take(place, field, entry)
      else pending.push(field)
    }
    while (pending.length > 0) {
      const best = this.#knowledge.bestSubgraph(place, pending)
      const taken = best === null ? null : this.#entrances.enter(place, best)
      const [first] = pending
      if (taken !== null) {
        const able = pending.filter((field) => this.#knowledge.canTake(place, taken, field))
        for (const field of able) {
          this.take(place, field, taken)
          pending.splice(pending.indexOf(field), 1)
        }
        if (able.length > 0) continue
      }
      if (first === undefined) continue
      pending.shift()
      this.#planAlone(place, first, byType)
    }
  }

  /** A field that no subgraph gives at once: it needs something first, or has to be asked of each type by itself. */
  #planAlone(place: Place, field: FieldNode, byType: Map<string, FieldNode[]> | null): void {
    if (this.#obtain(place, field) !== null) return
    if (byType === null || !this.#knowledge.isAbstract(place.type)) throw unreachable(place.type, field)
    this.#entrances.knowTypename(place)
    for (const type of this.#knowledge.objectTypes(place)) byType.set(type, [...(byType.get(type) ?? []), field])
  }

  take(place: Place, field: FieldNode, entry: Entry): Found {
    if (++this.#taken > MOST_TAKEN || this.questions.length > MOST_QUESTIONS)
      throw requestError('PLAN_FAILED', 'The operation needs more steps than are planned for one.')
    const definition = entry.asked.type.fields.get(field.name.value)
    if (definition === undefined || definition.fromContext) throw unreachable(place.type, field)
    const below =
      definition.composite === null ? null : (entry.question.subgraph.types.get(definition.composite) ?? null)
    const asked = entry.asked.ask(field, definition, below)
    const key = (field.alias ?? field.name).value
    let found = place.found.get(key)
    if (found === undefined) {
      const inner =
        below &&
        new Place(this.#widest(place.type, field, below.name), [...place.path, ...stepsTo(key, definition)], {
          place,
          field,
        })
      place.found.set(key, (found = { questions: new Set(), place: inner }))
    }
    const isNew = !found.questions.has(entry.question)
    found.questions.add(entry.question)
    if (found.place && asked.below) {
      if (isNew)
        found.place.add({
          question: entry.question,
          asked: asked.below,
          provided: providedBelow(definition, entry, field),
          isSpecial: false,
        })
      if (this.#knowledge.isAbstract(found.place.type)) asked.below.typename = true
      if (field.selectionSet) this.plan(found.place, field.selectionSet.selections)
      if (asked.below.isEmpty) asked.below.typename = true
    }
    return found
  }

  /** The type that a field leads to in the API: a subgraph may know it as less. */
  #widest(parent: string, field: FieldNode, known: string): string {
    const type = this.#supergraph.fieldType(parent, field.name.value)
    return type ?? known
  }

  /** Makes sure that a field is asked at a place, whatever that takes; null when there is no way. */
  #obtain(place: Place, field: FieldNode): Found | null {
    const key = (field.alias ?? field.name).value
    const known = place.found.get(key)
    if (known !== undefined) {
      const [question] = known.questions
      const entry = place.entries().find((one) => one.question === question)
      return entry && field.selectionSet ? this.take(place, field, entry) : known
    }
    const seeking = `${pathKey(place.path)} ${place.type} ${key}`
    if (this.#seeking.has(seeking)) return null
    this.#seeking.add(seeking)
    try {
      return this.#obtainAnew(place, field)
    } finally {
      this.#seeking.delete(seeking)
    }
  }

  #obtainAnew(place: Place, field: FieldNode): Found | null {
    const local = this.#knowledge.localEntry(place, field)
    if (local) return this.take(place, field, local)
    for (const subgraph of this.#knowledge.reachable(place)) {
      const type = this.#knowledge.typeIn(subgraph, place.type)
      const definition = type?.fields.get(field.name.value)
      if (!type || !definition || definition.isExternal || !this.#knowledge.isServed(subgraph, type, definition))
        continue
      if (this.#knowledge.isAbstract(place.type) && !this.#knowledge.isWhole(subgraph, type, field)) continue
      const entry = definition.requires
        ? this.#entrances.enterWith(place, subgraph, type, definition.requires)
        : this.#entrances.enter(place, subgraph)
      if (entry) return this.take(place, field, entry)
    }
    return null
  }

  /** Everything of a field set; the questions that bring it. */
  obtainSet(place: Place, selectionSet: SelectionSetNode): Set<Question> | null {
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
    const found = this.#obtain(place, this.#names.inner(bare(selection)))
    if (found === null) return this.#knowledge.isAbstract(place.type) ? this.#obtainOfEach(place, selection) : null
    if (!selectionSet || found.place === null) return found.questions
    const below = this.obtainSet(found.place, selectionSet)
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
    if (condition === place.type) return this.obtainSet(place, selection.selectionSet)
    const questions = new Set<Question>()
    for (const type of this.#knowledge.objectTypes(place).filter((one) => this.#knowledge.isA(one, condition))) {
      const some = this.obtainSet(place.only(type), selection.selectionSet)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }

  /** An abstract place's objects must tell what they are; one that only an interface object knows has to be asked elsewhere. */
  #needTypename(place: Place, selections: readonly SelectionNode[]): void {
    if (selections.some((one) => one.kind !== Kind.FIELD || one.name.value === '__typename'))
      this.#entrances.knowTypename(place)
  }
}

function unreachable(type: string, field: FieldNode): Error {
  return new NoWay(`no way was found to the field ${type}.${field.name.value}`)
}

function stepsTo(key: string, { type }: SubgraphField): readonly PathStep[] {
  const lists = type.split('[').length - 1
  return [{ kind: 'field', name: key }, ...Array.from({ length: lists }, () => ({ kind: 'each' }) as const)]
}
