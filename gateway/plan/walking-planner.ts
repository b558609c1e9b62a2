import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { FIRST } from '../operation/deferrals.js'
import { requestError } from '../operation/request-errors.js'
import type { SubgraphField } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import { Atlas } from './atlas.js'
import { Entrances } from './entrances.js'
import { Knowledge } from './knowledge.js'
import { FieldSets } from './field-sets.js'
import { PartView, Postponed } from './part-view.js'
import { Place, type Entry, type Found } from './place.js'
import type { PartedPlan, PathStep } from './plan.js'
import { MOST_STEPS, NoWay, PlansLong, type Overrides, type PartingPlanner, type Parts, type Spent } from './planner.js'
import { providedBelow } from './provided.js'
import { responseKey, type Question } from './question.js'
import { RequirementNames } from './requirement-names.js'
import { Sorting } from './sorted-fields.js'
import { writtenParts, writtenPlan } from './write-plan.js'

/**
 * A planner that walks the operation once, from the root down, and asks each field where it can be had with what is known at
 * its place. A question waits for exactly the questions that bring its representations; fields with `@requires` are in
 * questions of their own, so that what they need is there and what they lack harms no other.
 */
export function walkingPlanner(supergraph: Supergraph): PartingPlanner {
  const atlas = new Atlas(supergraph)
  return {
    plan(document, overrides, spent = { steps: 0, most: MOST_STEPS }) {
      const operation = operationOf(document)
      return writtenPlan(walked(atlas, { overrides, spent }, operation, ALL_AT_ONCE), operation)
    },
    planInParts(document, overrides, parts, spent = { steps: 0, most: MOST_STEPS }): PartedPlan {
      const operation = operationOf(document)
      return {
        first: null,
        steps: writtenParts(walked(atlas, { overrides, spent }, operation, parts), operation),
      }
    },
  }
}

const ALL_AT_ONCE: Parts = { sets: [FIRST], of: () => 0 }

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a document of the planner has one operation')
  return operation
}

/** What holds for one request. */
interface Request {
  readonly overrides: Overrides
  readonly spent: Spent
}

function walked(
  atlas: Atlas,
  request: Request,
  { operation, selectionSet }: OperationDefinitionNode,
  parts: Parts,
): readonly Question[] {
  const walk = new Walk(atlas, request, operation, parts)
  walk.begin(atlas.supergraph.rootName(operation), selectionSet.selections)
  return walk.questions
}

/** What one plan may ask. */
const MOST_QUESTIONS = 2_000

class Walk {
  readonly #supergraph: Supergraph
  readonly #knowledge: Knowledge
  readonly #names: RequirementNames
  readonly #entrances: Entrances
  readonly #sets: FieldSets
  readonly #seeking = new Set<string>()
  readonly #view: PartView
  readonly #postponed = new Postponed<Place, FieldNode>()
  readonly #sorting: Sorting
  readonly #spent: Spent

  constructor(atlas: Atlas, { overrides, spent }: Request, kind: 'query' | 'mutation' | 'subscription', parts: Parts) {
    this.#spent = spent
    this.#supergraph = atlas.supergraph
    this.#names = new RequirementNames(atlas.mayHarm)
    this.#view = new PartView(parts.sets)
    this.#knowledge = new Knowledge(atlas, overrides, kind, this.#view)
    this.#sorting = new Sorting(this.#knowledge, { parts, view: this.#view, postponed: this.#postponed })
    this.#entrances = new Entrances(this.#knowledge, this, { names: this.#names, kind, view: this.#view })
    this.#sets = new FieldSets(this.#knowledge, this.#names, (place, field) => this.#obtain(place, field))
  }

  get questions(): readonly Question[] {
    return this.#entrances.questions
  }

  /** Plans the first part from the root down, and then each other where its fields were met. */
  begin(rootName: string, selections: readonly SelectionNode[]): void {
    this.#names.note(selections)
    this.plan(new Place(rootName, { path: [], from: null }, this.#view), selections)
    for (let next = this.#postponed.take(); next !== null; next = this.#postponed.take()) {
      this.#view.now = next.part
      for (const [place, fields] of next.places) this.#planAll(place, fields, new Map())
    }
  }

  /** Plans a selection set at a place: each type that its objects can have gets all that is asked of it. */
  plan(place: Place, selections: readonly SelectionNode[]): void {
    const { whole, byType } = this.#sorting.sorted(place, selections)
    if (this.#knowledge.isAbstract(place.type)) this.#needTypename(place, selections)
    this.#planAll(place, whole, byType)
  }

  #planAll(place: Place, whole: readonly FieldNode[], byType: Map<string, FieldNode[]>): void {
    this.#planFields(place, whole, byType)
    for (const [type, fields] of byType) this.#planFields(place.only(type), fields, null)
  }

  /** What is here already is taken; then the subgraph that has most of the rest is entered, again and again. */
  #planFields(place: Place, fields: readonly FieldNode[], byType: Map<string, FieldNode[]> | null): void {
    const entries = fields.map((field) => this.#knowledge.localEntry(place, field))
    const away = fields.filter((_, at) => entries[at] === undefined)
    const pending: FieldNode[] = []
    for (const [at, field] of fields.entries()) {
      const entry = entries[at]
      if (entry === undefined && this.#isThere(place, field)) continue
      if (entry === undefined || this.#knowledge.isBetterElsewhere(place, field, entry, away)) pending.push(field)
      else this.take(place, field, entry)
    }
    while (pending.length > 0) {
      const best = this.#knowledge.bestSubgraph(place, pending)
      if (best === null) break
      const taken = this.#entrances.enter(place, best)
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
    for (const field of pending) this.#planAlone(place, field, byType)
  }

  /** Has an earlier part brought it, for a key? */
  #isThere(place: Place, field: FieldNode): boolean {
    if (this.#view.now === 0 || field.selectionSet) return false
    return this.#seen(place.found.get(responseKey(field))) !== null
  }

  /** A field that no subgraph gives at once: it needs something first, or has to be asked of each type by itself. */
  #planAlone(place: Place, field: FieldNode, byType: Map<string, FieldNode[]> | null): void {
    if (this.#obtain(place, field) !== null) return
    if (byType === null || !this.#knowledge.isAbstract(place.type)) throw unreachable(place.type, field)
    this.#entrances.knowTypename(place)
    for (const type of this.#knowledge.objectTypes(place)) {
      byType.set(type, [...(byType.get(type) ?? []), field])
      place.only(type).want([field])
    }
  }

  #spend(): void {
    const spent = this.#spent
    if (++spent.steps <= spent.most && this.questions.length <= MOST_QUESTIONS) return
    if (spent.most < MOST_STEPS) throw new PlansLong()
    throw requestError('PLAN_FAILED', 'The operation needs more steps than are planned for one.')
  }

  take(place: Place, field: FieldNode, entry: Entry): Found {
    this.#spend()
    const definition = entry.asked.type.fields.get(field.name.value)
    if (definition === undefined || definition.fromContext) throw unreachable(place.type, field)
    const below =
      definition.composite === null ? null : (entry.question.subgraph.types.get(definition.composite) ?? null)
    const asked = entry.asked.ask(field, definition, below)
    const key = responseKey(field)
    let found = place.found.get(key)
    if (found === undefined) {
      const inner =
        below &&
        new Place(
          this.#widest(place.type, field, below.name),
          { path: [...place.path, ...stepsTo(key, definition)], from: { place, field } },
          this.#view,
        )
      place.found.set(key, (found = { questions: new Set(), place: inner }))
    }
    const isNew = !found.questions.has(entry.question)
    if (found.place && isNew && found.questions.size > 0) entry.question.meets = true
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
    const key = responseKey(field)
    const known = this.#seen(place.found.get(key))
    if (known !== null) {
      const [question] = known.questions
      const entry = place.entries().find((one) => one.question === question)
      return entry && field.selectionSet ? this.take(place, field, entry) : known
    }
    const seeking = `${place.key} ${place.type} ${key}`
    if (this.#seeking.has(seeking)) return null
    this.#seeking.add(seeking)
    try {
      return this.#obtainAnew(place, field)
    } finally {
      this.#seeking.delete(seeking)
    }
  }

  /** As much of it as this part may lean on; null for nothing. */
  #seen(found: Found | undefined): Found | null {
    if (found === undefined || this.#view.isOnly) return found ?? null
    const questions = new Set([...found.questions].filter((one) => this.#view.sees(one)))
    return questions.size === 0 ? null : { questions, place: found.place }
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
        ? this.#entrances.enterWith(place, subgraph, { type, field, requires: definition.requires })
        : this.#entrances.enter(place, subgraph, field)
      if (entry) return this.take(place, field, entry)
    }
    // Asked along with an earlier part, it comes too early; but it comes.
    const earlier = this.#view.now === 0 ? null : this.#view.reaching(() => this.#knowledge.localEntry(place, field))
    const last = earlier ?? this.#knowledge.harmfulEntry(place, field)
    return last ? this.take(place, field, last) : null
  }

  obtainSet(place: Place, selectionSet: SelectionSetNode): Set<Question> | null {
    return this.#sets.obtain(place, selectionSet)
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
