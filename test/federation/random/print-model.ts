import {
  typeText,
  type AbstractModel,
  type EntityModel,
  type FieldModel,
  type InterfaceObject,
  type Model,
} from './model.js'

const SHARED = `enum Shade { RED GREEN }\nscalar Any\ninput Filter { least: Int = 1 shade: Shade = GREEN inner: Filter any: Any }\n`

/** The SDL of one subgraph. */
export function subgraphSdl(model: Model, subgraph: string): string {
  const parts = [sharedSdl('@shareable')]
  for (const type of model.types.values()) {
    if (type.kind === 'entity' && type.keys.has(subgraph)) parts.push(entitySdl(model, type, subgraph))
    if (type.kind === 'value' && type.where.has(subgraph)) {
      const known = type.fields.filter(({ owners }) => owners.length === 0 || owners.includes(subgraph))
      parts.push(`type ${type.name} @shareable { ${known.map((one) => fieldSdl(one)).join(' ')} }`)
    }
    if ('members' in type) parts.push(abstractSdl(type, subgraph))
  }
  parts.push(rootSdl('Query', model.queries, subgraph), rootSdl('Mutation', model.mutations, subgraph))
  return parts.join('\n')
}

/** The SDL of everything in one graph, without what is inaccessible. */
function monolithSdl(model: Model): string {
  const parts = [sharedSdl('')]
  for (const type of model.types.values()) {
    if (type.kind === 'entity') {
      const added = interfaceOf(model, type.name, null)
      const fields = [...type.fields.filter((one) => !one.isInaccessible), ...(added?.object?.fields ?? [])]
      parts.push(
        `type ${type.name}${added ? ' implements I0' : ''} { ${keySdl(keyFields(type, null), '')} ${fields.map((one) => fieldSdl(one)).join(' ')} }`,
      )
    } else if (type.kind === 'value')
      parts.push(`type ${type.name} { ${type.fields.map((one) => fieldSdl(one)).join(' ')} }`)
    else if (type.kind === 'union') parts.push(`union ${type.name} = ${allMembers(type).join(' | ')}`)
    else {
      const fields = [...[...type.fields.values()].flat(), ...(type.object?.fields ?? [])]
      const id = type.object ? 'id: ID!' : ''
      parts.push(
        `interface ${type.name} { ${id} ${[...new Map(fields.map((one) => [one.name, fieldSdl(one)])).values()].join(' ')} }`,
      )
    }
  }
  parts.push(rootSdl('Query', model.queries, null), rootSdl('Mutation', model.mutations, null))
  return parts.join('\n')
}

/** The API that operations are checked against. */
export function apiSdl(model: Model): string {
  return `${monolithSdl(model)} directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT`
}

export function allMembers(type: AbstractModel): string[] {
  return [...new Set([...type.members.values()].flat())]
}

/** The fields of all keys of an entity, in one subgraph or in all. */
export function keyFields(entity: EntityModel, subgraph: string | null): string[] {
  const keys = subgraph === null ? [...entity.keys.values()].flat() : (entity.keys.get(subgraph) ?? [])
  return [...new Set(keys.flatMap((key) => (key.startsWith('org') ? ['org'] : key.split(' '))))]
}

/** The interface that an entity implements in a subgraph, or in any. */
export function interfaceOf(model: Model, entity: string, subgraph: string | null): AbstractModel | null {
  const type = model.types.get('I0')
  if (type?.kind !== 'interface') return null
  const members = subgraph === null ? allMembers(type) : (type.members.get(subgraph) ?? [])
  return members.includes(entity) ? type : null
}

function entitySdl(model: Model, entity: EntityModel, subgraph: string): string {
  const keys = (entity.keys.get(subgraph) ?? []).map((key) => `@key(fields: "${key}")`).join(' ')
  const own = entity.fields.filter((field) => field.owners.includes(subgraph) || field.overrides === subgraph)
  const external = externals(model, entity, subgraph)
  const within = interfaceOf(model, entity.name, subgraph) ? ' implements I0' : ''
  const fields = [...own.map((one) => fieldSdl(one, subgraph)), ...external.map((one) => `${fieldSdl(one)} @external`)]
  return `type ${entity.name}${within} ${keys} { ${keySdl(keyFields(entity, subgraph), '')} ${fields.join(' ')} }`
}

/** Fields of others that this subgraph requires or provides. */
function externals(model: Model, entity: EntityModel, subgraph: string): FieldModel[] {
  const names = new Set<string>()
  for (const type of model.types.values()) {
    if (type.kind !== 'entity') continue
    for (const field of type.fields) {
      if (!field.owners.includes(subgraph)) continue
      for (const path of paths(field.requires)) collect(model, type, path, entity, names)
    }
  }
  const leading = [
    ...model.queries,
    ...model.mutations,
    ...[...model.types.values()].flatMap((type) => (Array.isArray(type.fields) ? type.fields : [])),
  ]
  for (const field of leading)
    if (field.provides && field.type.base === entity.name && field.owners.includes(subgraph)) names.add(field.provides)
  return entity.fields.filter(
    (field) => names.has(field.name) && !field.owners.includes(subgraph) && field.overrides !== subgraph,
  )
}

function paths(requires: string | null): string[][] {
  if (requires === null) return []
  return [...requires.matchAll(/(f\d+)(?:\([^)]*\))?(?: \{ (f\d+) \})?/g)].map(([, one = '', two]) =>
    two ? [one, two] : [one],
  )
}

function collect(
  model: Model,
  type: EntityModel,
  path: readonly string[],
  entity: EntityModel,
  names: Set<string>,
): void {
  const [first = '', second] = path
  if (type === entity) names.add(first)
  const base = type.fields.find((field) => field.name === first)?.type.base
  if (second !== undefined && base === entity.name && model.types.get(base) === entity) names.add(second)
}

function abstractSdl(type: AbstractModel, subgraph: string): string {
  if (type.object?.subgraph === subgraph) return objectSdl(type, type.object)
  const members = type.members.get(subgraph)
  if (members === undefined) return ''
  if (type.kind === 'union') return `union ${type.name} = ${members.join(' | ')}`
  const fields = (type.fields.get(subgraph) ?? []).map((one) => fieldSdl(one)).join(' ')
  return type.object
    ? `interface ${type.name} @key(fields: "id") { id: ID! ${fields} }`
    : `interface ${type.name} { ${fields} }`
}

function objectSdl({ name, fields }: AbstractModel, { subgraph, fields: own }: InterfaceObject): string {
  const needed = new Set(own.map(({ requires }) => requires))
  const external = [...new Map([...fields.values()].flat().map((one) => [one.name, one])).values()]
    .filter((one) => needed.has(one.name))
    .map((one) => `${fieldSdl(one)} @external`)
  const all = ['id: ID!', ...external, ...own.map((one) => fieldSdl(one, subgraph))]
  return `type ${name} @interfaceObject @key(fields: "id") { ${all.join(' ')} }`
}

function fieldSdl(field: FieldModel, subgraph: string | null = null): string {
  const args = field.args.map(
    ({ name, type, fallback }) => `${name}: ${type}${fallback === null ? '' : ` = ${fallback}`}`,
  )
  const marks: string[] = []
  if (subgraph !== null) {
    if (field.requires && field.owners.includes(subgraph))
      marks.push(`@requires(fields: ${JSON.stringify(field.requires)})`)
    if (field.overrides && field.owners.includes(subgraph)) marks.push(`@override(from: "${field.overrides}")`)
    if (field.owners.length > 1 || field.isProvided) marks.push('@shareable')
    if (field.isInaccessible) marks.push('@inaccessible')
    if (field.provides && field.owners.includes(subgraph)) marks.push(`@provides(fields: "${field.provides}")`)
  }
  return `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}: ${typeText(field.type)} ${marks.join(' ')}`
}

function rootSdl(type: string, fields: readonly FieldModel[], subgraph: string | null): string {
  const here = fields.filter((field) => subgraph === null || field.owners.includes(subgraph))
  return here.length === 0 ? '' : `type ${type} { ${here.map((one) => fieldSdl(one, subgraph)).join(' ')} }`
}

function keySdl(names: readonly string[], marks: string): string {
  return names.map((name) => (name === 'org' ? `org: Org! ${marks}` : `${name}: ID! ${marks}`)).join(' ')
}

function sharedSdl(marks: string): string {
  return `${SHARED}type Org ${marks} { oid: ID! }`
}
