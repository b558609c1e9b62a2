import { Dice, literal } from './dice.js'
import { FieldMaker } from './field-maker.js'
import {
  SCALARS,
  type AbstractModel,
  type EntityModel,
  type FieldModel,
  type Model,
  type TypeModel,
  type ValueModel,
} from './model.js'

const KEYS = ['id', 'sku', 'a b', 'org { oid }']

/** The model of a seed. Not every one composes: the caller takes the next then. */
export function makeModel(seed: number): Model {
  const dice = new Dice(seed)
  const subgraphs = ['A', 'B', 'C', 'D', 'E'].slice(0, 2 + dice.upTo(3))
  const maker = new Maker(dice, subgraphs)
  return maker.make(seed)
}

class Maker {
  readonly #dice: Dice
  readonly #subgraphs: string[]
  readonly #types = new Map<string, TypeModel>()
  readonly #entities: EntityModel[] = []
  readonly #values: ValueModel[] = []
  readonly #make: FieldMaker

  constructor(dice: Dice, subgraphs: readonly string[]) {
    this.#dice = dice
    this.#make = new FieldMaker(dice)
    this.#subgraphs = [...subgraphs]
  }

  make(seed: number): Model {
    for (let at = 0; at <= 1 + this.#dice.upTo(2); at++) this.#addEntity(`E${at}`)
    for (let at = 0; at < this.#dice.upTo(2); at++) this.#addValue(`V${at}`)
    for (const kind of ['interface', 'union'] as const) if (this.#dice.chance(0.7)) this.#addAbstract(kind)
    for (const value of this.#values) this.#fillValue(value)
    for (const entity of this.#entities) this.#fillEntity(entity)
    for (const entity of this.#entities) this.#addRequires(entity)
    const queries = this.#subgraphs.flatMap((name) => this.#rootFields('Query', name, 1 + this.#dice.upTo(2)))
    const partial = this.#dice.chance(0.5) ? this.#addPartial() : null
    if (partial) queries.push(partial)
    const mutations = this.#subgraphs.flatMap((name) =>
      this.#dice.chance(0.6) ? this.#rootFields('Mutation', name, 1 + this.#dice.upTo(1)) : [],
    )
    queries.push(...this.#addInterfaceObject())
    return { seed, subgraphs: this.#subgraphs, types: this.#types, queries, mutations }
  }

  #addEntity(name: string): void {
    const [first = 'id', ...others] = this.#dice.chance(0.7) ? KEYS : [...KEYS].reverse()
    const all = [first, ...this.#dice.some(others, 0.3)]
    const where = this.#dice.some(this.#subgraphs, 0.7)
    const home = this.#dice.pick(this.#subgraphs)
    const keys = new Map<string, string[]>([[home, all]])
    for (const subgraph of where) if (subgraph !== home) keys.set(subgraph, [this.#dice.pick(all)])
    const entity: EntityModel = { kind: 'entity', name, fields: [], keys }
    this.#entities.push(entity)
    this.#types.set(name, entity)
  }

  #addValue(name: string): void {
    const value: ValueModel = { kind: 'value', name, fields: [], where: new Set() }
    this.#values.push(value)
    this.#types.set(name, value)
  }

  #addAbstract(kind: 'interface' | 'union'): void {
    const name = kind === 'interface' ? 'I0' : 'U0'
    const members = new Map<string, string[]>()
    const isObject = kind === 'interface' && this.#dice.chance(0.4)
    for (const subgraph of isObject ? [this.#dice.pick(this.#subgraphs)] : this.#dice.some(this.#subgraphs, 0.7)) {
      const here = this.#entities.filter(({ keys }) => keys.has(subgraph)).map((entity) => entity.name)
      const chosen = this.#dice.some(here, 0.8)
      if (chosen.length > 0) members.set(subgraph, chosen)
    }
    if (members.size === 0) return
    const model: AbstractModel = { kind, name, members, fields: new Map(), object: null }
    this.#types.set(name, model)
    if (kind !== 'interface') return
    // Every member everywhere has these, resolved in every subgraph that knows it as a member.
    const label = this.#make.scalar('label', [...members.keys()])
    for (const [subgraph, names] of members) {
      model.fields.set(subgraph, [label])
      for (const one of names) {
        const entity = this.#types.get(one)
        if (entity?.kind !== 'entity') continue
        const known = entity.fields.find((field) => field.name === 'label')
        if (known === undefined) entity.fields.push({ ...label, owners: [subgraph] })
        else entity.fields.splice(entity.fields.indexOf(known), 1, { ...known, owners: [...known.owners, subgraph] })
      }
    }
  }

  #fillValue(value: ValueModel): void {
    for (let at = 0; at <= 1 + this.#dice.upTo(1); at++) {
      const toEntity = this.#dice.chance(0.3)
      const base = toEntity ? this.#dice.pick(this.#entities).name : this.#dice.pick(SCALARS)
      value.fields.push(this.#make.field(value.name, base, [], this.#dice.chance(0.3)))
    }
  }

  #fillEntity(entity: EntityModel): void {
    for (const subgraph of entity.keys.keys()) {
      for (let at = 0; at <= this.#dice.upTo(2); at++) {
        const field = this.#fieldOf(entity.name, subgraph)
        const others = [...entity.keys.keys()].filter((one) => one !== subgraph)
        const leaf = SCALARS.some((scalar) => scalar === field.type.base)
        if ((leaf || this.#isRef(field)) && others.length > 0 && this.#dice.chance(0.15)) {
          const other = this.#dice.pick(others)
          const target = this.#types.get(field.type.base)
          if (target?.kind === 'entity') this.#stand(target, other)
          entity.fields.push({ ...field, owners: [subgraph, other] })
        } else if (leaf && others.length > 0 && this.#dice.chance(0.08)) {
          entity.fields.push({ ...field, overrides: this.#dice.pick(others) })
        } else entity.fields.push(field)
      }
    }
    if (this.#dice.chance(0.2)) {
      const at = entity.fields.findIndex((field) => field.owners.length === 1 && field.name !== 'label')
      const field = entity.fields[at]
      if (field) entity.fields[at] = { ...field, isInaccessible: true }
    }
  }

  /** A field that `subgraph` can resolve: what it leads to is made known there. */
  #fieldOf(type: string, subgraph: string): FieldModel {
    const abstract = [...this.#types.values()].filter(
      (one): one is AbstractModel => 'members' in one && one.members.has(subgraph),
    )
    const roll = this.#dice.upTo(9)
    if (roll < 5) return this.#make.field(type, this.#dice.pick(SCALARS), [subgraph], this.#dice.chance(0.4))
    if (roll < 8 || (this.#values.length === 0 && abstract.length === 0)) return this.#entityField(type, subgraph)
    if (roll === 8 && this.#values.length > 0) {
      const value = this.#dice.pick(this.#values)
      this.#spread(value, subgraph)
      return this.#make.field(type, value.name, [subgraph], this.#dice.chance(0.2))
    }
    if (abstract.length === 0) return this.#entityField(type, subgraph)
    return this.#make.field(type, this.#dice.pick(abstract).name, [subgraph], false)
  }

  #entityField(type: string, subgraph: string): FieldModel {
    const entity = this.#dice.pick(this.#entities)
    this.#stand(entity, subgraph)
    const field = this.#make.field(type, entity.name, [subgraph], this.#dice.chance(0.2))
    if (!this.#dice.chance(0.25)) return field
    const given = entity.fields.find(
      (one) => this.#isPlain(one) && !one.owners.includes(subgraph) && one.overrides === null,
    )
    if (!given) return field
    entity.fields.splice(entity.fields.indexOf(given), 1, { ...given, isProvided: true })
    return { ...field, provides: given.name }
  }

  #isRef({ type, provides }: FieldModel): boolean {
    return this.#types.get(type.base)?.kind === 'entity' && provides === null
  }

  /** A type whose fields are spread over several subgraphs, and a root field by which each gives its part. */
  #addPartial(): FieldModel | null {
    const owners = this.#dice.some(this.#subgraphs, 0.6)
    if (owners.length < 2) return null
    const fields = Array.from({ length: 2 + this.#dice.upTo(2) }, () => {
      const some = this.#dice.some(owners, 0.5)
      const toEntity = this.#dice.chance(0.3) ? this.#dice.pick(this.#entities) : null
      const known = some.length > 0 ? some : [this.#dice.pick(owners)]
      if (toEntity) for (const one of known) this.#stand(toEntity, one)
      return this.#make.field('P0', toEntity?.name ?? this.#dice.pick(SCALARS), known, this.#dice.chance(0.2))
    })
    const where = new Set(fields.flatMap((field) => field.owners))
    this.#types.set('P0', { kind: 'value', name: 'P0', fields, where })
    return this.#make.field('Query', 'P0', [...where], this.#dice.chance(0.3))
  }

  #isPlain(field: FieldModel): boolean {
    return (
      SCALARS.some((scalar) => scalar === field.type.base) &&
      field.args.length === 0 &&
      field.requires === null &&
      !field.fails &&
      field.name !== 'label'
    )
  }

  /** Makes an entity known in a subgraph by one of its keys. */
  #stand(entity: EntityModel, subgraph: string): void {
    if (entity.keys.has(subgraph)) return
    const [all = ['id']] = entity.keys.values()
    entity.keys.set(subgraph, [this.#dice.pick(all)])
  }

  #spread(value: ValueModel, subgraph: string): void {
    if (value.where.has(subgraph)) return
    value.where.add(subgraph)
    for (const { type } of value.fields) {
      const inner = this.#types.get(type.base)
      if (inner?.kind === 'entity') this.#stand(inner, subgraph)
    }
  }

  #addRequires(entity: EntityModel): void {
    for (const subgraph of entity.keys.keys()) {
      if (!this.#dice.chance(0.4)) continue
      const foreign = entity.fields.filter(
        (field) => !field.owners.includes(subgraph) && field.overrides === null && field.name !== 'label',
      )
      for (let at = 0; at <= this.#dice.upTo(1); at++) {
        const needed = foreign.flatMap((field) => this.#requirement(field, subgraph)).slice(0, 1 + this.#dice.upTo(1))
        if (needed.length === 0) continue
        const base = this.#dice.pick(['Int', 'String'])
        const made = this.#make.field(entity.name, base, [subgraph], this.#dice.chance(0.2))
        entity.fields.push({ ...made, fails: false, requires: needed.join(' ') })
      }
    }
  }

  #requirement(field: FieldModel, subgraph: string): string[] {
    if (field.type.nonNull && field.fails) return []
    if (SCALARS.some((scalar) => scalar === field.type.base)) {
      if (field.args.length === 0) return this.#dice.chance(0.6) ? [field.name] : []
      return this.#dice.chance(0.6)
        ? [`${field.name}(${field.args.map((one) => `${one.name}: ${literal(one, this.#dice)}`).join(', ')})`]
        : []
    }
    const type = this.#types.get(field.type.base)
    if (type?.kind !== 'entity' || field.args.length > 0) return []
    const below = type.fields.find(
      (one) => this.#isPlain(one) && !one.owners.includes(subgraph) && one.overrides === null && !one.isInaccessible,
    )
    if (below === undefined || !this.#dice.chance(0.5)) return []
    this.#stand(type, subgraph)
    return [`${field.name} { ${below.name} }`]
  }

  /** A subgraph of its own knows the interface as an object; the one that defines it has its key on every member. */
  #addInterfaceObject(): FieldModel[] {
    const type = this.#types.get('I0')
    if (type?.kind !== 'interface' || type.members.size !== 1 || this.#subgraphs.length === 5) return []
    const [[home, members] = ['', []]] = type.members
    for (const name of members) {
      const entity = this.#types.get(name)
      if (entity?.kind !== 'entity') continue
      const keys = entity.keys.get(home) ?? []
      if (!keys.includes('id')) entity.keys.set(home, [...keys, 'id'])
    }
    this.#subgraphs.push('Z')
    const fields = [this.#make.own('String', ['Z'], false), this.#make.own('Int', ['Z'], this.#dice.chance(0.4))]
    if (this.#dice.chance(0.5))
      fields.push({ ...this.#make.own('String', ['Z'], this.#dice.chance(0.3)), fails: false, requires: 'label' })
    this.#types.set('I0', { ...type, object: { subgraph: 'Z', fields } })
    return [this.#make.field('Query', 'I0', ['Z'], this.#dice.chance(0.3))]
  }

  #rootFields(type: string, subgraph: string, count: number): FieldModel[] {
    return Array.from({ length: count }, () => this.#fieldOf(type, subgraph))
  }
}
