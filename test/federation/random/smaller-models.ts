import type { EntityModel, FieldModel, Model, TypeModel, TypeRef } from './model.js'
import { fieldsOf } from './walk-model.js'

/** The model with one thing less, for each of them: a subgraph, a type, a field, a key, a member, or what a field has beside its name. */
export function* smallerModels(model: Model): Generator<Model> {
  for (const subgraph of model.subgraphs) yield withoutSubgraph(model, subgraph)
  for (const name of model.types.keys()) yield withoutType(model, name)
  const fields = [...new Set(fieldsOf(model))]
  for (const field of fields) yield changed(model, (one) => (one === field ? null : one))
  for (const type of model.types.values()) for (const less of smallerTypes(type)) yield withType(model, less)
  for (const field of fields)
    for (const plainer of plainerFields(field)) yield changed(model, (one) => (one === field ? plainer : one))
}

type Change = (field: FieldModel) => FieldModel | null

function changed(model: Model, change: Change): Model {
  const all = (fields: readonly FieldModel[]): FieldModel[] =>
    fields.map(change).filter((field): field is FieldModel => field !== null)
  const types = [...model.types.values()].map((type): TypeModel => {
    if (!('members' in type)) return { ...type, fields: all(type.fields) }
    const fields = new Map([...type.fields].map(([subgraph, known]) => [subgraph, all(known)]))
    const object = type.object && { ...type.object, fields: all(type.object.fields) }
    return { ...type, fields, object }
  })
  return { ...model, types: named(types), queries: all(model.queries), mutations: all(model.mutations) }
}

function withoutSubgraph(model: Model, gone: string): Model {
  const less = changed(model, (field) => withoutOwner(field, gone))
  const types = [...less.types.values()].map((type): TypeModel => {
    if (type.kind === 'entity') return { ...type, keys: without(type.keys, gone) }
    if (type.kind === 'value') return { ...type, where: new Set([...type.where].filter((one) => one !== gone)) }
    const object = type.object?.subgraph === gone ? null : type.object
    return { ...type, object, members: without(type.members, gone), fields: without(type.fields, gone) }
  })
  return { ...less, subgraphs: model.subgraphs.filter((one) => one !== gone), types: named(types) }
}

function withoutOwner(field: FieldModel, gone: string): FieldModel | null {
  const owners = field.owners.filter((one) => one !== gone)
  if (owners.length === 0 && field.owners.length > 0) return null
  return { ...field, owners, overrides: field.overrides === gone ? null : field.overrides }
}

function withoutType(model: Model, gone: string): Model {
  const less = changed(model, (field) => (field.type.base === gone ? null : field))
  const types = [...less.types.values()]
    .filter(({ name }) => name !== gone)
    .map((type) => ('members' in type ? { ...type, members: eachWithout(type.members, gone) } : type))
  return { ...less, types: named(types) }
}

/** An entity in fewer places and by fewer keys; an interface or union with fewer members. */
function* smallerTypes(type: TypeModel): Generator<TypeModel> {
  if (type.kind === 'value') return
  if (type.kind === 'entity') {
    for (const [subgraph, keys] of type.keys) {
      yield standingLess(type, subgraph)
      if (keys.length < 2) continue
      for (const key of keys)
        yield { ...type, keys: new Map(type.keys).set(subgraph, keys.filter((one) => one !== key)) } // prettier-ignore
    }
    return
  }
  if (type.object) yield { ...type, object: null }
  for (const [subgraph, members] of type.members) {
    yield { ...type, members: without(type.members, subgraph), fields: without(type.fields, subgraph) }
    for (const member of members)
      yield { ...type, members: new Map(type.members).set(subgraph, members.filter((one) => one !== member)) } // prettier-ignore
  }
}

function standingLess(type: EntityModel, subgraph: string): EntityModel {
  const fields = type.fields.map((field) => withoutOwner(field, subgraph)).filter((field) => field !== null)
  return { ...type, fields, keys: without(type.keys, subgraph) }
}

function* plainerFields(field: FieldModel): Generator<FieldModel> {
  const { type, args, owners } = field
  if (args.length > 0) yield { ...field, args: [] }
  for (const arg of args.length > 1 ? args : []) yield { ...field, args: args.filter((one) => one !== arg) }
  if (field.requires) yield { ...field, requires: null }
  if (field.overrides) yield { ...field, overrides: null }
  if (field.provides) yield { ...field, provides: null }
  if (field.isInaccessible) yield { ...field, isInaccessible: false }
  if (field.isProvided) yield { ...field, isProvided: false }
  if (field.fails) yield { ...field, fails: false }
  for (const owner of owners.length > 1 ? owners : []) yield { ...field, owners: owners.filter((one) => one !== owner) }
  for (const plainer of plainerTypes(type)) yield { ...field, type: plainer }
}

function* plainerTypes(type: TypeRef): Generator<TypeRef> {
  if (type.rows) yield { ...type, rows: false }
  else if (type.list) yield { ...type, list: false }
  if (type.itemNonNull) yield { ...type, itemNonNull: false }
  if (type.nonNull) yield { ...type, nonNull: false }
}

function withType(model: Model, type: TypeModel): Model {
  return { ...model, types: new Map(model.types).set(type.name, type) }
}

function named(types: readonly TypeModel[]): Map<string, TypeModel> {
  return new Map(types.map((type) => [type.name, type]))
}

function without<T>(map: ReadonlyMap<string, T>, gone: string): Map<string, T> {
  return new Map([...map].filter(([name]) => name !== gone))
}

function eachWithout(members: ReadonlyMap<string, string[]>, gone: string): Map<string, string[]> {
  return new Map([...members].map(([subgraph, names]) => [subgraph, names.filter((name) => name !== gone)]))
}
