import { Kind, type DocumentNode, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { SubgraphField, SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Supergraph } from '../supergraph/supergraph.js'
import { Place, type Entry, type Found } from './place.js'
import type { PathStep, Requirement } from './plan.js'
import { NoWay, type Overrides, type Planner } from './planner.js'
import { Question, argumentsKey, pathKey, type Asked } from './question.js'
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

class Walk {
  readonly questions: Question[] = []
  readonly #supergraph: Supergraph
  readonly #overrides: Overrides
  readonly #kind: 'query' | 'mutation' | 'subscription'
  readonly #innerKeys = new Map<string, string>()
  readonly #seeking = new Set<string>()

  constructor(supergraph: Supergraph, overrides: Overrides, kind: 'query' | 'mutation' | 'subscription') {
    this.#supergraph = supergraph
    this.#overrides = overrides
    this.#kind = kind
  }

  /** Plans a selection set at a place: each type that its objects can have gets all that is asked of it. */
  plan(place: Place, selections: readonly SelectionNode[]): void {
    const whole: FieldNode[] = []
    const byType = new Map<string, FieldNode[]>()
    this.#sort(place, selections, null, whole, byType)
    if (this.#isAbstract(place.type)) this.#needTypename(place, selections)
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
        const all = types ?? this.#objectTypes(place)
        const within = all.filter((type) => this.#supergraph.isA(type, condition))
        const isWhole = types === null && (condition === place.type || !this.#isAbstract(place.type))
        this.#sort(place, selection.selectionSet.selections, isWhole ? null : within, whole, byType)
      }
    }
  }

  /** What is here already is taken; then the subgraph that has most of the rest is entered, again and again. */
  #planFields(place: Place, fields: readonly FieldNode[], byType: Map<string, FieldNode[]> | null): void {
    const pending: FieldNode[] = []
    for (const field of fields) {
      const entry = this.#localEntry(place, field)
      if (entry) this.#take(place, field, entry)
      else pending.push(field)
    }
    while (pending.length > 0) {
      const best = this.#bestSubgraph(place, pending)
      const taken = best === null ? null : this.#enter(place, best)
      const [first] = pending
      if (taken !== null) {
        const able = pending.filter((field) => this.#canTake(place, taken, field))
        for (const field of able) {
          this.#take(place, field, taken)
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
    if (byType === null || !this.#isAbstract(place.type)) throw unreachable(place.type, field)
    this.#knowTypename(place)
    for (const type of this.#objectTypes(place)) byType.set(type, [...(byType.get(type) ?? []), field])
  }

  #take(place: Place, field: FieldNode, entry: Entry): Found {
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
      if (this.#isAbstract(found.place.type)) asked.below.typename = true
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
      return entry && field.selectionSet ? this.#take(place, field, entry) : known
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
    const local = this.#localEntry(place, field)
    if (local) return this.#take(place, field, local)
    for (const subgraph of this.#reachable(place)) {
      const type = this.#typeIn(subgraph, place.type)
      const definition = type?.fields.get(field.name.value)
      if (!type || !definition || definition.isExternal || !this.#isServed(subgraph, type, definition)) continue
      if (this.#isAbstract(place.type) && !this.#isWhole(subgraph, type, field)) continue
      const entry = definition.requires
        ? this.#enterWith(place, subgraph, type, definition.requires)
        : this.#enter(place, subgraph)
      if (entry) return this.#take(place, field, entry)
    }
    return null
  }

  /** Everything of a field set; the questions that bring it. */
  #obtainSet(place: Place, selectionSet: SelectionSetNode): Set<Question> | null {
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
    const { selectionSet, ...bare } = selection
    const found = this.#obtain(place, this.#inner(bare))
    if (found === null) return this.#isAbstract(place.type) ? this.#obtainOfEach(place, selection) : null
    if (!selectionSet || found.place === null) return found.questions
    const below = this.#obtainSet(found.place, selectionSet)
    return below && new Set([...found.questions, ...below])
  }

  #obtainOfEach(place: Place, selection: FieldNode): Set<Question> | null {
    const questions = new Set<Question>()
    for (const type of this.#objectTypes(place)) {
      const some = this.#obtainNeeded(place.only(type), selection)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }

  #obtainFragment(place: Place, selection: SelectionNode): Set<Question> | null {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return null
    const condition = selection.typeCondition?.name.value ?? place.type
    if (condition === place.type) return this.#obtainSet(place, selection.selectionSet)
    const questions = new Set<Question>()
    for (const type of this.#objectTypes(place).filter((one) => this.#supergraph.isA(one, condition))) {
      const some = this.#obtainSet(place.only(type), selection.selectionSet)
      if (some === null) return null
      for (const one of some) questions.add(one)
    }
    return questions
  }

  /** A required field with arguments stands in the tree under a name of its own. */
  #inner(field: FieldNode): FieldNode {
    const key = this.#innerKey(field)
    return key === field.name.value ? field : { ...field, alias: { kind: Kind.NAME, value: key } }
  }

  #innerKey(field: FieldNode): string {
    if (!field.arguments?.length) return field.name.value
    const text = `${field.name.value}(${argumentsKey(field)})`
    const known = this.#innerKeys.get(text)
    if (known !== undefined) return known
    const made = `r${this.#innerKeys.size}__${field.name.value}`
    this.#innerKeys.set(text, made)
    return made
  }

  // --- where a field can be had -------------------------------------------------------------------------------------

  #localEntry(place: Place, field: FieldNode): Entry | undefined {
    const able = place.entries().filter((entry) => this.#canTake(place, entry, field))
    if (able.length < 2) return able[0]
    return able.reduce((best, entry) => (this.#depth(entry, field) > this.#depth(best, field) ? entry : best))
  }

  #canTake(place: Place, entry: Entry, field: FieldNode): boolean {
    const { asked, question } = entry
    const definition = asked.type.fields.get(field.name.value)
    if (definition === undefined) return false
    if (isProvided(entry, field.name.value)) return true
    if (entry.isSpecial || definition.isExternal || definition.requires) return false
    if (!this.#isServed(question.subgraph, asked.type, definition)) return false
    return !this.#isAbstract(place.type) || this.#isWhole(question.subgraph, asked.type, field)
  }

  /** Asked on an interface, a field must be one that the subgraph resolves for each of its own members. */
  #isWhole(subgraph: SubgraphTypes, type: SubgraphType, field: FieldNode): boolean {
    if (!type.isAbstract) return true
    return type.members.every((member) => {
      const inner = subgraph.types.get(member)
      const definition = inner?.fields.get(field.name.value)
      return (
        inner &&
        definition &&
        !definition.isExternal &&
        !definition.requires &&
        this.#isServed(subgraph, inner, definition)
      )
    })
  }

  /** Is it this subgraph's to resolve, as the labels of progressive overrides stand? */
  #isServed(subgraph: SubgraphTypes, type: SubgraphType, field: SubgraphField): boolean {
    const label = field.override?.label
    if (label !== null && label !== undefined && this.#overrides.get(label) !== true) return false
    return !this.#supergraph.subgraphTypes.some((other) => {
      const override = other.types.get(type.name)?.fields.get(field.name)?.override
      return (
        override?.from === subgraph.name && (override.label === null || this.#overrides.get(override.label) === true)
      )
    })
  }

  /** How many fields below can be had without leaving the subgraph. */
  #depth(entry: Entry, field: FieldNode): number {
    return this.#covered(entry.question.subgraph, entry.asked.type, [field])
  }

  #covered(subgraph: SubgraphTypes, type: SubgraphType, selections: readonly SelectionNode[]): number {
    let count = 0
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = subgraph.types.get(selection.typeCondition?.name.value ?? type.name)
        if (on) count += this.#covered(subgraph, on, selection.selectionSet.selections)
      } else if (selection.kind === Kind.FIELD) {
        const definition = type.fields.get(selection.name.value)
        if (!definition || definition.isExternal || definition.requires || !this.#isServed(subgraph, type, definition))
          continue
        const below = definition.composite === null ? undefined : subgraph.types.get(definition.composite)
        count +=
          1 + (below && selection.selectionSet ? this.#covered(subgraph, below, selection.selectionSet.selections) : 0)
      }
    }
    return count
  }

  /** Among the subgraphs that can be entered, the one that gives most of the fields; null when none gives any at once. */
  #bestSubgraph(place: Place, fields: readonly FieldNode[]): SubgraphTypes | null {
    let best: { readonly subgraph: SubgraphTypes; readonly count: number; readonly depth: number } | null = null
    for (const subgraph of this.#reachable(place)) {
      const type = this.#typeIn(subgraph, place.type)
      if (type === null) continue
      const given = fields.filter((field) => this.#gives(place, subgraph, type, field))
      if (given.length === 0) continue
      const depth = this.#covered(subgraph, type, given)
      if (best === null || given.length > best.count || (given.length === best.count && depth > best.depth))
        best = { subgraph, count: given.length, depth }
    }
    return best?.subgraph ?? null
  }

  #gives(place: Place, subgraph: SubgraphTypes, type: SubgraphType, field: FieldNode): boolean {
    const definition = type.fields.get(field.name.value)
    if (!definition || definition.isExternal || definition.requires || !this.#isServed(subgraph, type, definition))
      return false
    return !this.#isAbstract(place.type) || this.#isWhole(subgraph, type, field)
  }

  // --- entering a subgraph ------------------------------------------------------------------------------------------

  /** The subgraphs in which a place's objects are or can be known, the nearest first. */
  #reachable(place: Place): readonly SubgraphTypes[] {
    const all = this.#supergraph.subgraphTypes
    if (this.#isRoot(place.type)) return all
    const reached = [...new Set(place.entries().map(({ question }) => question.subgraph))]
    const parents = this.#parentSubgraphs(place)
    for (let grew = true; grew;) {
      grew = false
      for (const subgraph of all) {
        if (reached.includes(subgraph)) continue
        if (!parents.has(subgraph) && !this.#hasUsableKey(place, subgraph, reached)) continue
        reached.push(subgraph)
        grew = true
      }
    }
    return reached
  }

  #hasUsableKey(place: Place, subgraph: SubgraphTypes, reached: readonly SubgraphTypes[]): boolean {
    const type = this.#typeIn(subgraph, place.type)
    return type?.keys.some((key) => this.#isObtainable(place.type, key, reached)) ?? false
  }

  /** Can a field set be had of objects that are known in these subgraphs? */
  #isObtainable(typeName: string, selectionSet: SelectionSetNode, reached: readonly SubgraphTypes[]): boolean {
    return selectionSet.selections.every((one) => {
      if (one.kind !== Kind.FIELD) return true
      return reached.some((subgraph) => {
        const type = this.#typeIn(subgraph, typeName)
        const definition = type?.fields.get(one.name.value)
        if (
          !type ||
          !definition ||
          definition.isExternal ||
          definition.requires ||
          !this.#isServed(subgraph, type, definition)
        )
          return false
        if (type.isAbstract && !this.#isWhole(subgraph, type, one)) return false
        return (
          !one.selectionSet ||
          definition.composite === null ||
          this.#isObtainable(definition.composite, one.selectionSet, reached)
        )
      })
    })
  }

  /** Subgraphs that resolve the very field that leads here, at the place from where it leads. */
  #parentSubgraphs(place: Place): ReadonlySet<SubgraphTypes> {
    const { from } = place
    if (from === null || (this.#kind !== 'query' && this.#isRoot(from.place.type) && from.place.path.length === 0))
      return new Set()
    return new Set(
      this.#reachable(from.place).filter((subgraph) => {
        const type = this.#typeIn(subgraph, from.place.type)
        return type !== null && this.#gives(from.place, subgraph, type, from.field)
      }),
    )
  }

  /** An entry to the place in that subgraph: one that is there, or by a key, or by asking for the whole field once more there. */
  #enter(place: Place, subgraph: SubgraphTypes): Entry | null {
    const there = place.entries().find((entry) => entry.question.subgraph === subgraph && !entry.isSpecial)
    if (there) return there
    if (this.#isRoot(place.type)) return this.#enterRoot(place, subgraph)
    return this.#enterByKey(place, subgraph) ?? this.#enterByParent(place, subgraph)
  }

  #enterRoot(place: Place, subgraph: SubgraphTypes): Entry | null {
    const type = subgraph.types.get(place.type)
    if (type === undefined) return null
    const atTop = place.path.length === 0
    const question = new Question(subgraph, place.path, atTop ? this.#kind : 'query', type, 'root')
    const [first] = place.entries()
    if (first && !atTop) question.after.add(first.question)
    this.questions.push(question)
    if (question.root === null) return null
    const entry: Entry = { question, asked: question.root, provided: [], isSpecial: false }
    place.add(entry)
    return entry
  }

  #enterByKey(place: Place, subgraph: SubgraphTypes): Entry | null {
    const type = this.#typeIn(subgraph, place.type)
    if (type === null) return null
    const seeking = `enter ${pathKey(place.path)} ${place.type} ${subgraph.name}`
    if (this.#seeking.has(seeking)) return null
    this.#seeking.add(seeking)
    try {
      const { key, questions } = this.#obtainKey(place, subgraph, type) ?? {}
      return key && questions ? this.#entryBy(place, subgraph, type, [key], questions, 'key') : null
    } finally {
      this.#seeking.delete(seeking)
    }
  }

  /** The first key that can be had: of what is here at once, then from elsewhere. */
  #obtainKey(
    place: Place,
    subgraph: SubgraphTypes,
    type: SubgraphType,
  ): { readonly key: SelectionSetNode; readonly questions: Set<Question> } | null {
    const here = [...new Set(place.entries().map(({ question }) => question.subgraph))]
    const reached = this.#reachable(place).filter((one) => one !== subgraph || here.includes(one))
    const ranked = [...type.keys].sort(
      (one, other) =>
        Number(this.#isObtainable(place.type, other, here)) - Number(this.#isObtainable(place.type, one, here)),
    )
    for (const key of ranked) {
      if (!this.#isObtainable(place.type, key, reached)) continue
      const questions = this.#obtainSet(place, key)
      if (questions !== null) return { key, questions }
    }
    return null
  }

  /** An entry for a field that requires others: they are fetched first, and it is asked by itself. */
  #enterWith(place: Place, subgraph: SubgraphTypes, type: SubgraphType, requires: SelectionSetNode): Entry | null {
    const found = this.#obtainKey(place, subgraph, type)
    const needed = this.#obtainSet(place, requires)
    if (found === null || needed === null) return null
    const mark = `after ${[...needed]
      .map((one) => this.questions.indexOf(one))
      .sort()
      .join()}`
    return this.#entryBy(place, subgraph, type, [found.key, requires], new Set([...found.questions, ...needed]), mark)
  }

  #entryBy(
    place: Place,
    subgraph: SubgraphTypes,
    type: SubgraphType,
    sets: readonly SelectionSetNode[],
    after: ReadonlySet<Question>,
    mark: string,
  ): Entry {
    const isSpecial = mark !== 'key'
    const question = this.#questionAt(place, subgraph, after, mark)
    for (const one of after) question.after.add(one)
    const source = typenameSource(place)?.question
    if (source && source !== question && !source.waitsFor(question)) question.after.add(source)
    this.#askTypename(place)
    question.require(this.#requirement(place.type, type, sets))
    const entry: Entry = { question, asked: question.of(type), provided: [], isSpecial }
    if (!place.entries().some((known) => known.question === question && known.asked === entry.asked)) place.add(entry)
    return entry
  }

  /** One question serves all objects at a path that the same subgraph is asked about, unless it would wait for itself. */
  #questionAt(place: Place, subgraph: SubgraphTypes, after: ReadonlySet<Question>, mark: string): Question {
    const path = pathKey(place.path)
    const known = this.questions.find(
      (one) =>
        one.root === null &&
        one.subgraph === subgraph &&
        one.mark === mark &&
        pathKey(one.path) === path &&
        ![...after].some((needed) => needed.waitsFor(one)),
    )
    if (known) return known
    const made = new Question(subgraph, place.path, 'query', null, mark)
    this.questions.push(made)
    return made
  }

  /** The whole field is asked of that subgraph too, and both answers are merged: what is shared may be had in pieces. */
  #enterByParent(place: Place, subgraph: SubgraphTypes): Entry | null {
    const narrow = place.wider !== null
    const whole = place.wider ?? place
    const { from } = whole
    if (from === null || !this.#parentSubgraphs(whole).has(subgraph)) return null
    const parent = this.#enter(from.place, subgraph)
    if (parent === null || !this.#canTake(from.place, parent, from.field)) return null
    const { selectionSet: _, ...bare } = from.field
    this.#take(from.place, bare, parent)
    const entries = narrow ? place.entries() : whole.entries()
    return entries.find((entry) => entry.question.subgraph === subgraph && !entry.isSpecial) ?? null
  }

  /** What is sent of an object: its type, its key, and what the field requires. */
  #requirement(placeType: string, type: SubgraphType, sets: readonly SelectionSetNode[]): Requirement {
    const typename: Requirement = { kind: 'field', name: '__typename', as: '__typename', below: null }
    const below = [typename, ...sets.flatMap((set) => this.#requirements(set))]
    const isInterface = type.isInterfaceObject || type.isAbstract
    return { kind: 'on', type: placeType, typename: isInterface ? type.name : null, below }
  }

  #requirements(selectionSet: SelectionSetNode): Requirement[] {
    return selectionSet.selections.flatMap((one): Requirement[] => {
      if (one.kind === Kind.FIELD) {
        const below = one.selectionSet ? this.#requirements(one.selectionSet) : null
        return [{ kind: 'field', name: this.#innerKey(one), as: one.name.value, below }]
      }
      if (one.kind !== Kind.INLINE_FRAGMENT) return []
      const below = this.#requirements(one.selectionSet)
      const type = one.typeCondition?.name.value
      return type === undefined ? below : [{ kind: 'on', type, typename: null, below }]
    })
  }

  // --- types --------------------------------------------------------------------------------------------------------

  /** How a subgraph calls objects of a type: by its name, or by an interface that it knows as an object. */
  #typeIn(subgraph: SubgraphTypes, name: string): SubgraphType | null {
    const own = subgraph.types.get(name)
    if (own) return own
    for (const type of subgraph.types.values())
      if (type.isInterfaceObject && this.#supergraph.isA(name, type.name)) return type
    return null
  }

  #isAbstract(name: string): boolean {
    return this.#supergraph.isAbstract(name)
  }

  #isRoot(name: string): boolean {
    return name === this.#supergraph.rootName('query') || name === this.#supergraph.rootName(this.#kind)
  }

  /** The object types that can stand at a place, as far as those who were asked know. */
  #objectTypes(place: Place): readonly string[] {
    if (!this.#isAbstract(place.type)) return [place.type]
    const known = new Set<string>()
    for (const { asked } of place.entries()) {
      if (asked.type.isInterfaceObject) for (const one of this.#supergraph.membersOf(asked.type.name)) known.add(one)
      else for (const one of asked.type.members) known.add(one)
    }
    return [...known].filter((one) => this.#supergraph.isA(one, place.type))
  }

  /** An abstract place's objects must tell what they are; one that only an interface object knows has to be asked elsewhere. */
  #needTypename(place: Place, selections: readonly SelectionNode[]): void {
    if (selections.some((one) => one.kind !== Kind.FIELD || one.name.value === '__typename')) this.#knowTypename(place)
  }

  #knowTypename(place: Place): void {
    if (!place.entries().every(({ asked }) => asked.type.isInterfaceObject)) return
    for (const subgraph of this.#reachable(place)) {
      const type = subgraph.types.get(place.type)
      if (!type?.isAbstract || type.keys.length === 0) continue
      const entry = this.#enterByKey(place, subgraph)
      if (entry === null) continue
      entry.asked.typename = true
      return
    }
  }

  #askTypename(place: Place): void {
    const source = typenameSource(place)
    if (source) source.asked.typename = true
  }
}

/** The way by which a place's objects tell what they are; an interface object tells its interface only. */
function typenameSource(place: Place): Entry | undefined {
  const entries = place.entries()
  return entries.find(({ asked }) => !asked.type.isInterfaceObject) ?? entries[0]
}

function unreachable(type: string, field: FieldNode): Error {
  return new NoWay(`no way was found to the field ${type}.${field.name.value}`)
}

function stepsTo(key: string, { type }: SubgraphField): readonly PathStep[] {
  const lists = type.split('[').length - 1
  return [{ kind: 'field', name: key }, ...Array.from({ length: lists }, () => ({ kind: 'each' }) as const)]
}

function isProvided(entry: Entry, name: string): boolean {
  return entry.provided.some((set) => providedFields(set, entry.asked).some((one) => one.name.value === name))
}

function providedFields(set: SelectionSetNode, asked: Asked): readonly FieldNode[] {
  return set.selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one]
    if (one.kind !== Kind.INLINE_FRAGMENT) return []
    const type = one.typeCondition?.name.value
    return type === undefined || type === asked.type.name ? providedFields(one.selectionSet, asked) : []
  })
}

function providedBelow(definition: SubgraphField, entry: Entry, field: FieldNode): readonly SelectionSetNode[] {
  const inherited = entry.provided.flatMap((set) =>
    providedFields(set, entry.asked).flatMap((one) =>
      one.name.value === field.name.value && one.selectionSet ? one.selectionSet : [],
    ),
  )
  return definition.provides ? [definition.provides, ...inherited] : inherited
}
