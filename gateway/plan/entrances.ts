import type { FieldNode, SelectionSetNode } from 'graphql'
import type { SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Knowledge } from './knowledge.js'
import { isHarmless, mayJoin } from './mandatory.js'
import type { PartView } from './part-view.js'
import type { Entry, Found, Place } from './place.js'
import { Question, bare } from './question.js'
import { clash, type RequirementNames } from './requirement-names.js'

/** What entering a subgraph needs of the walk: fields that are asked for on the way. */
export interface Walking {
  /** Everything of a field set; the questions that bring it, or null. */
  obtainSet(place: Place, selectionSet: SelectionSetNode): Set<Question> | null
  take(place: Place, field: FieldNode, entry: Entry): Found
}

/** What all entrances of one plan share. */
export interface EntrancesOptions {
  readonly names: RequirementNames
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly view: PartView
}

/** How a place's objects are about to be asked of: where, by what type, for which field, after what, and apart from what. */
interface Visit {
  readonly place: Place
  readonly subgraph: SubgraphTypes
  readonly type: SubgraphType
  readonly field: FieldNode | null
  readonly after: ReadonlySet<Question>
  readonly mark: string
}

/** The ways into subgraphs: at the root, by a key, with what a field requires, or by asking the whole field once more. */
export class Entrances {
  readonly questions: Question[] = []
  readonly #atPlaces = new Map<string, Question[]>()
  readonly #knowledge: Knowledge
  readonly #names: RequirementNames
  readonly #walk: Walking
  readonly #kind: 'query' | 'mutation' | 'subscription'
  readonly #view: PartView
  readonly #seeking = new Set<string>()

  constructor(knowledge: Knowledge, walk: Walking, { names, kind, view }: EntrancesOptions) {
    this.#view = view
    this.#knowledge = knowledge
    this.#names = names
    this.#walk = walk
    this.#kind = kind
  }

  /**
   * An entry to the place in that subgraph: one that is there, or by a key, or by asking for the whole field once more there.
   * For a field that must be there: one in which it harms nobody.
   */
  enter(place: Place, subgraph: SubgraphTypes, field: FieldNode | null = null): Entry | null {
    const there = this.#plainEntryIn(place, subgraph, field)
    if (there) return there
    if (this.#knowledge.isRoot(place.type)) return this.#enterRoot(place, subgraph)
    const isParallel = isSingleAtRoot(place, this.#knowledge) && !this.#isHere(place, subgraph)
    const parallel = isParallel ? this.#enterByParent(place, subgraph, field) : null
    return parallel ?? this.#enterByKey(place, subgraph, field) ?? this.#enterByParent(place, subgraph, field)
  }

  #enterRoot(place: Place, subgraph: SubgraphTypes): Entry | null {
    const type = subgraph.types.get(place.type)
    if (type === undefined) return null
    const atTop = place.path.length === 0
    const question = new Question(subgraph, place.path, atTop ? this.#kind : 'query', type, this.#marked('root'))
    const [first] = place.entries()
    if (first && !atTop) question.after.add(first.question)
    this.questions.push(question)
    if (question.root === null) return null
    const entry: Entry = { question, asked: question.root, provided: [], isSpecial: false }
    place.add(entry)
    return entry
  }

  #enterByKey(place: Place, subgraph: SubgraphTypes, field: FieldNode | null): Entry | null {
    const type = this.#knowledge.typeIn(subgraph, place.type)
    if (type === null) return null
    const seeking = `enter ${place.key} ${place.type} ${subgraph.name}`
    if (this.#seeking.has(seeking)) return null
    this.#seeking.add(seeking)
    try {
      const { key, questions } = this.#obtainKey(place, subgraph, type) ?? {}
      return key && questions
        ? this.#entryBy({ place, subgraph, type, field, after: questions, mark: 'key' }, [key])
        : null
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
    const here = new Set(place.entries().map(({ question }) => question.subgraph))
    const reached = this.#knowledge.reachable(place).filter((one) => one !== subgraph || here.has(one))
    for (const key of this.#ranked(place, type)) {
      if (!this.#knowledge.isObtainable(place.type, key, reached)) continue
      const questions = this.#view.reaching(() => this.#walk.obtainSet(place, key))
      if (questions !== null) return { key, questions }
    }
    return null
  }

  /** The keys of a type, those first that can be had soonest. */
  #ranked(place: Place, type: SubgraphType): readonly SelectionSetNode[] {
    if (type.keys.length < 2) return type.keys
    const near = nearest(place)
    const effort = (key: SelectionSetNode): number => {
      for (let count = 1; count <= near.length; count++)
        if (this.#knowledge.isObtainable(place.type, key, near.slice(0, count))) return count
      return near.length + 1
    }
    return type.keys
      .map((key) => ({ key, effort: effort(key) }))
      .sort((one, other) => one.effort - other.effort)
      .map(({ key }) => key)
  }

  /** An entry for a field that requires others: they are fetched first, and it is asked by itself. */
  enterWith(
    place: Place,
    subgraph: SubgraphTypes,
    { type, field, requires }: { type: SubgraphType; field: FieldNode; requires: SelectionSetNode },
  ): Entry | null {
    const found = this.#obtainKey(place, subgraph, type)
    const needed = this.#walk.obtainSet(place, requires)
    if (found === null || needed === null) return null
    const sets = [found.key, requires]
    const visit = { place, subgraph, type, field }
    const plain = this.#plainEntry({ ...visit, after: found.questions, mark: 'key' }, sets, needed)
    if (plain !== null) return plain
    const places = [...needed].map(({ number }) => number).sort()
    // A representation has one value under a name: fields that require one field with different arguments are asked apart.
    const mark = `after ${places.join()} ${this.#names.renamedIn(requires).sort().join()}`
    return this.#entryBy({ ...visit, after: new Set([...found.questions, ...needed]), mark }, sets)
  }

  /**
   * What a field requires and what brings the key come together: then it is asked along with the plain fields, which lose
   * nothing by it.
   */
  #plainEntry(visit: Visit, sets: readonly SelectionSetNode[], needed: ReadonlySet<Question>): Entry | null {
    const { place, type, after } = visit
    if (![...needed].every((one) => [...after].some((bringing) => bringing.waitsFor(one)))) return null
    const question = this.#questionFor(visit)
    if (clash(question.requires, [this.#names.requirement(place.type, type, sets.slice(1))])) return null
    return this.#entryBy(visit, sets)
  }

  #entryBy(visit: Visit, sets: readonly SelectionSetNode[]): Entry {
    const { place, type, after, mark } = visit
    const isSpecial = mark !== 'key'
    const question = this.#questionFor(visit)
    for (const one of after) question.after.add(one)
    const source = typenameSource(place)?.question
    if (source && source !== question && !source.waitsFor(question)) question.after.add(source)
    this.#askTypename(place)
    question.require(this.#names.requirement(place.type, type, sets))
    const entry: Entry = { question, asked: question.of(type), provided: [], isSpecial }
    if (!place.entries().some((known) => known.question === question && known.asked === entry.asked)) place.add(entry)
    return entry
  }

  /** One question serves all objects at a path that the same subgraph is asked about, unless it would wait for itself. */
  #questionFor(visit: Visit): Question {
    const { place, subgraph, after, mark } = visit
    const key = `${subgraph.name} ${mark} ${this.#view.now} ${place.key}`
    const there = this.#atPlaces.get(key) ?? []
    const known = there.find((one) => isOpen(one, visit) && ![...after].some((needed) => needed.waitsFor(one)))
    if (known) return known
    const made = new Question(subgraph, place.path, 'query', null, this.#marked(mark))
    this.#atPlaces.set(key, [...there, made])
    this.questions.push(made)
    return made
  }

  #marked(mark: string): { readonly mark: string; readonly number: number; readonly part: number } {
    return { mark, number: this.questions.length, part: this.#view.now }
  }

  /** The whole field is asked of that subgraph too, and both answers are merged: what is shared may be had in pieces. */
  #enterByParent(place: Place, subgraph: SubgraphTypes, field: FieldNode | null): Entry | null {
    const narrow = place.wider !== null
    const whole = place.wider ?? place
    const { from } = whole
    if (from === null || !this.#knowledge.parentSubgraphs(whole).has(subgraph)) return null
    if (this.#isHereInList(whole, from.place, subgraph)) return null
    const parent = this.enter(from.place, subgraph)
    if (parent === null || !this.#knowledge.canTake(from.place, parent, from.field)) return null
    this.#walk.take(from.place, bare(from.field), parent)
    return this.#plainEntryIn(narrow ? place : whole, subgraph, field) ?? null
  }

  #plainEntryIn(place: Place, subgraph: SubgraphTypes, field: FieldNode | null): Entry | undefined {
    return place.entries().find((entry) => {
      const { question, isSpecial } = entry
      if (question.subgraph !== subgraph || isSpecial || !this.#view.mayAsk(question)) return false
      return field === null || isHarmless(place, field, entry)
    })
  }

  /** A list that another part has from this subgraph is not asked for twice: the second might be another one. */
  #isHereInList(place: Place, parent: Place, subgraph: SubgraphTypes): boolean {
    return place.path.slice(parent.path.length).some(({ kind }) => kind === 'each') && this.#isHere(place, subgraph)
  }

  /** Another part has it from this subgraph: the same object is found again by its key, if it has one. */
  #isHere(place: Place, subgraph: SubgraphTypes): boolean {
    return this.#view.now > 0 && place.entries().some(({ question }) => question.subgraph === subgraph)
  }

  knowTypename(place: Place): void {
    if (!place.entries().every(({ asked }) => asked.type.isInterfaceObject)) return
    for (const subgraph of this.#knowledge.reachable(place)) {
      const type = subgraph.types.get(place.type)
      if (!type?.isAbstract || type.keys.length === 0) continue
      const entry = this.#enterByKey(place, subgraph, null)
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

/** May these objects be asked of in that question, and the field too, with no harm to anybody? */
function isOpen(question: Question, { place, type, field }: Visit): boolean {
  const asked = question.onTypes.get(type.name)
  if (asked === undefined) return true
  if (!mayJoin(place, asked)) return false
  return field === null || isHarmless(place, field, { question, asked, provided: [], isSpecial: false })
}

/** One object under a root field: who shares the field is asked for it at once. Of lists only keys tell which item is which. */
function isSingleAtRoot({ from, path }: Place, knowledge: Knowledge): boolean {
  return path.length === 1 && from !== null && knowledge.isRoot(from.place.type)
}

/** The subgraphs that are asked about a place already, those first that wait least. */
function nearest(place: Place): readonly SubgraphTypes[] {
  const depths = new Map<Question, number>()
  const entries = [...place.entries()].sort((one, other) => one.question.depth(depths) - other.question.depth(depths))
  return [...new Set(entries.map(({ question }) => question.subgraph))]
}

/** The way by which a place's objects tell what they are; an interface object tells its interface only. */
function typenameSource(place: Place): Entry | undefined {
  const entries = place.entries()
  return entries.find(({ asked }) => !asked.type.isInterfaceObject) ?? entries[0]
}
