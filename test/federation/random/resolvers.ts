import {
  Kind,
  parse,
  valueFromASTUntyped,
  type GraphQLFieldResolver,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { SCALARS, type FieldModel, type Model } from './model.js'

/** An object of the random world: its type and number; `given` is what a representation brought along. */
export interface Thing {
  readonly __typename: string
  readonly number: number
  /** Its type, where the library writes an interface object's name over `__typename`. */
  readonly own?: string
  readonly given?: Readonly<Record<string, unknown>>
}

/** How many objects of each type there are. */
export const POPULATION = 4

/** The random world: every value follows from the seed, the object, the field and the arguments. */
export class World {
  readonly #model: Model
  #mutations: string[] = []

  constructor(model: Model) {
    this.#model = model
  }

  /** Forgets the mutations that ran. */
  reset(): void {
    this.#mutations = []
  }

  /** A root field of a mutation answers by all that ran before it. */
  mutate(field: FieldModel, args: object): unknown {
    this.#mutations.push(`${field.name}${JSON.stringify(args)}`)
    return this.#made(field, `mutation ${this.#mutations.join(' ')}`, null)
  }

  /** The value of a field on an object, or on the root; throws where the world says that it fails. */
  value(field: FieldModel, on: Thing | null, args: object, subgraph: string | null): unknown {
    const place = `${on?.own ?? on?.__typename ?? 'Query'} ${on?.number ?? 0} ${field.name} ${canonical(args)}`
    const needed = field.requires && on ? canonical(this.required(field.requires, on, subgraph)) : ''
    return this.#made(field, `${place} ${needed}`, subgraph)
  }

  #made(field: FieldModel, place: string, subgraph: string | null): unknown {
    const { base, nonNull, list, rows, itemNonNull } = field.type
    const chance = hash(`${this.#model.seed} ${place}`)
    if (field.fails && chance % 5 === 0) throw new Error('boom')
    if (!nonNull && chance % 6 === 1) return null
    if (!list) return this.#one(base, place, field, subgraph)
    const row = (of: string): unknown[] =>
      Array.from({ length: hash(`${of} length`) % 4 }, (_, at) =>
        !itemNonNull && hash(`${of} ${at} null`) % 7 === 0 ? null : this.#one(base, `${of} ${at}`, field, subgraph),
      )
    if (!rows) return row(place)
    return Array.from({ length: chance % 3 }, (_, at) =>
      hash(`${place} ${at} row`) % 7 === 0 ? null : row(`${place} ${at}`),
    )
  }

  #one(base: string, place: string, field: FieldModel, subgraph: string | null): unknown {
    const number = hash(`${place} one`)
    switch (base) {
      case 'Int':
        return number % 1000
      case 'Float':
        return (number % 1000) / 8
      case 'Boolean':
        return number % 2 === 0
      case 'Shade':
        return number % 2 === 0 ? 'RED' : 'GREEN'
      case 'String':
      case 'ID':
        return `s${number % 1000}`
      case 'Any':
        return [number % 10, 'any', { __typename: 'E0', id: [null, number % 3] }, [], false][number % 5]
    }
    const type = this.#model.types.get(base)
    if (type === undefined || type.kind === 'entity' || type.kind === 'value')
      return { __typename: base, number: number % POPULATION }
    const all = [...new Set([...type.members.values()].flat())]
    const members = type.members.get(field.owners[0] ?? subgraph ?? '') ?? all
    return { __typename: members[number % members.length], number: hash(`${place} member`) % POPULATION }
  }

  /** What a required field set gives on an object: a subgraph knows of it what came with its representation, and nothing else. */
  required(fieldSet: string, on: Thing, subgraph: string | null): unknown {
    const [operation] = parse(`{${fieldSet}}`).definitions
    if (operation?.kind !== Kind.OPERATION_DEFINITION) return null
    return subgraph === null ? this.#read(operation.selectionSet, on) : picked(operation.selectionSet, on.given ?? {})
  }

  #read(selectionSet: SelectionSetNode, on: Thing): unknown {
    const type = this.#model.types.get(on.__typename)
    const fields = type && 'fields' in type && Array.isArray(type.fields) ? type.fields : []
    const result: Record<string, unknown> = {}
    for (const node of selectionSet.selections) {
      if (node.kind !== Kind.FIELD) continue
      const field = fields.find((one) => one.name === node.name.value)
      if (field === undefined) continue
      const args = Object.fromEntries((node.arguments ?? []).map((one) => [one.name.value, one.value]))
      result[field.name] = this.#inner(node.selectionSet, this.#safely(field, on, coerced(field, args)))
    }
    return result
  }

  #inner(selectionSet: SelectionSetNode | undefined, value: unknown): unknown {
    if (!selectionSet || value === null) return value
    if (Array.isArray(value)) return value.map((one: unknown) => this.#inner(selectionSet, one))
    return this.#read(selectionSet, value as Thing)
  }

  #safely(field: FieldModel, on: Thing, args: object): unknown {
    try {
      return this.value(field, on, args, null)
    } catch {
      return null
    }
  }
}

/** A key's value of an object, and back. */
export const KEY_FIELDS: Readonly<Record<string, (on: Thing) => unknown>> = {
  id: (on) => `${on.own ?? on.__typename}-${on.number}`,
  sku: (on) => `sku-${on.own ?? on.__typename}-${on.number}`,
  a: (on) => `a-${on.own ?? on.__typename}-${on.number}`,
  b: (on) => `b-${on.number}`,
  org: (on) => ({ __typename: 'Org', number: on.number, given: { oid: `o-${on.own ?? on.__typename}-${on.number}` } }),
}

/** The object that a representation speaks of; its type is written in each of its keys. */
export function referred(given: Readonly<Record<string, unknown>>): Thing {
  const org = given['org'] as { oid?: string } | undefined
  const key = [given['id'], given['sku'], given['a'], org?.oid].find((one) => typeof one === 'string')
  const [number = '0', type = ''] = String(key).split('-').reverse()
  return { __typename: type, own: type, number: Number(number), given }
}

/** The resolver of a field in one subgraph, or in the monolith (null). */
export function resolverOf(
  world: World,
  field: FieldModel,
  subgraph: string | null,
): GraphQLFieldResolver<unknown, unknown> {
  return (on, args: object) => world.value(field, (on as Thing | undefined) ?? null, args, subgraph)
}

export function isScalar(base: string): boolean {
  return SCALARS.some((scalar) => scalar === base)
}

/** FNV-1a with a last mixing. */
export function hash(text: string): number {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
  return (state ^ (state >>> 13)) >>> 0
}

function picked(selectionSet: SelectionSetNode, from: unknown): unknown {
  if (from === null || from === undefined) return from
  if (Array.isArray(from)) return from.map((one: unknown) => picked(selectionSet, one))
  const result: Record<string, unknown> = {}
  for (const node of selectionSet.selections) {
    if (node.kind !== Kind.FIELD) continue
    const value = (from as Record<string, unknown>)[node.name.value]
    result[node.name.value] = node.selectionSet ? picked(node.selectionSet, value) : value
  }
  return result
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : JSON.stringify(value)
  return `{${Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, one]) => `${key}:${canonical(one)}`)
    .join()}}`
}

/** The values of arguments that are given as literals. */
function coerced(field: FieldModel, args: Readonly<Record<string, ValueNode>>): object {
  const result: Record<string, unknown> = {}
  for (const { name, type } of field.args) {
    const node = args[name]
    if (node === undefined) continue
    const value = valueFromASTUntyped(node)
    if (type === '[Int!]') result[name] = Array.isArray(value) ? value : [value]
    else result[name] = type === 'Filter' ? filled(value as Record<string, unknown>) : value
  }
  return result
}

/** An input object with its defaults. */
function filled(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const inner = filter['inner'] as Record<string, unknown> | undefined
  return { least: 1, shade: 'GREEN', ...filter, ...(inner && { inner: filled(inner) }) }
}
