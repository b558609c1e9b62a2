import type { FieldNode, SelectionSetNode } from 'graphql'
import type { SubgraphType, SubgraphTypes } from '../supergraph/subgraph-types.js'
import type { Knowledge } from './knowledge.js'
import type { Entry, Found, Place } from './place.js'
import { Question, bare, pathKey } from './question.js'
import type { RequirementNames } from './requirement-names.js'

/** What entering a subgraph needs of the walk: fields that are asked for on the way. */
export interface Walking {
  /** Everything of a field set; the questions that bring it, or null. */
  obtainSet(place: Place, selectionSet: SelectionSetNode): Set<Question> | null
  take(place: Place, field: FieldNode, entry: Entry): Found
}

/** The ways into subgraphs: at the root, by a key, with what a field requires, or by asking the whole field once more. */
export class Entrances {
  readonly questions: Question[] = []
  readonly #knowledge: Knowledge
  readonly #names: RequirementNames
  readonly #walk: Walking
  readonly #kind: 'query' | 'mutation' | 'subscription'
  readonly #seeking = new Set<string>()

  constructor(
    knowledge: Knowledge,
    names: RequirementNames,
    walk: Walking,
    kind: 'query' | 'mutation' | 'subscription',
  ) {
    this.#knowledge = knowledge
    this.#names = names
    this.#walk = walk
    this.#kind = kind
  }

  /** An entry to the place in that subgraph: one that is there, or by a key, or by asking for the whole field once more there. */
  enter(place: Place, subgraph: SubgraphTypes): Entry | null {
    const there = place.entries().find((entry) => entry.question.subgraph === subgraph && !entry.isSpecial)
    if (there) return there
    if (this.#knowledge.isRoot(place.type)) return this.#enterRoot(place, subgraph)
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
    const type = this.#knowledge.typeIn(subgraph, place.type)
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
    const reached = this.#knowledge.reachable(place).filter((one) => one !== subgraph || here.includes(one))
    const ranked = [...type.keys].sort(
      (one, other) =>
        Number(this.#knowledge.isObtainable(place.type, other, here)) -
        Number(this.#knowledge.isObtainable(place.type, one, here)),
    )
    for (const key of ranked) {
      if (!this.#knowledge.isObtainable(place.type, key, reached)) continue
      const questions = this.#walk.obtainSet(place, key)
      if (questions !== null) return { key, questions }
    }
    return null
  }

  /** An entry for a field that requires others: they are fetched first, and it is asked by itself. */
  enterWith(place: Place, subgraph: SubgraphTypes, type: SubgraphType, requires: SelectionSetNode): Entry | null {
    const found = this.#obtainKey(place, subgraph, type)
    const needed = this.#walk.obtainSet(place, requires)
    if (found === null || needed === null) return null
    const places = [...needed].map((one) => this.questions.indexOf(one)).sort()
    // A representation has one value under a name: fields that require one field with different arguments are asked apart.
    const mark = `after ${places.join()} ${this.#names.renamedIn(requires).sort().join()}`
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
    question.require(this.#names.requirement(place.type, type, sets))
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
    if (from === null || !this.#knowledge.parentSubgraphs(whole).has(subgraph)) return null
    const parent = this.enter(from.place, subgraph)
    if (parent === null || !this.#knowledge.canTake(from.place, parent, from.field)) return null
    this.#walk.take(from.place, bare(from.field), parent)
    const entries = narrow ? place.entries() : whole.entries()
    return entries.find((entry) => entry.question.subgraph === subgraph && !entry.isSpecial) ?? null
  }

  knowTypename(place: Place): void {
    if (!place.entries().every(({ asked }) => asked.type.isInterfaceObject)) return
    for (const subgraph of this.#knowledge.reachable(place)) {
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
