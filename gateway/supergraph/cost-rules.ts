import {
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type InterfaceType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals'
import { usesOf, type Marked, type Uses } from './linked-directives.js'

/** What `@listSize` says of a field. */
export interface ListSize {
  readonly assumed: number | null
  /** Arguments that say how many are asked for. */
  readonly slicing: readonly string[]
  /** The lists below that the size is of; empty when it is of the field itself. */
  readonly sizedFields: readonly string[]
  readonly needsOneSlicing: boolean
}

/** What `@cost` and `@listSize` of a supergraph say. An element is named `Type`, `Type.field` or `Type.field.argument`. */
export interface CostRules {
  readonly weights: ReadonlyMap<string, number>
  readonly lists: ReadonlyMap<string, ListSize>
}

/** Reads them; what only implementations say of a field is taken for their interface, too: the heaviest, and any size. */
export function readCostRules(schema: Schema): CostRules {
  const cost = usesOf(schema, 'cost', 'cost')
  const listSize = usesOf(schema, 'cost', 'listSize')
  const weights = new Map<string, number>()
  const lists = new Map<string, ListSize>()
  const weigh = (name: string, element: Marked): void => {
    const weight = weightOf(cost, element)
    if (weight !== null) weights.set(name, weight)
  }
  const readFields = (type: ObjectType | InterfaceType): void => {
    for (const field of type.fields()) {
      const name = `${type.name}.${field.name}`
      weigh(name, field)
      for (const argument of field.arguments()) weigh(`${name}.${argument.name}`, argument)
      const [size] = listSize?.(field) ?? []
      if (size !== undefined) lists.set(name, readListSize(size))
    }
  }
  for (const type of schema.types()) {
    weigh(type.name, type)
    if (isObjectType(type) || isInterfaceType(type)) readFields(type)
    if (isInputObjectType(type)) for (const field of type.fields()) weigh(`${type.name}.${field.name}`, field)
  }
  for (const type of schema.interfaceTypes()) inherit(type, weights, lists)
  return { weights, lists }
}

function weightOf(cost: Uses | null, element: Marked): number | null {
  const [use] = cost?.(element) ?? []
  const weight = Number(use?.['weight'])
  return use === undefined || !Number.isFinite(weight) ? null : weight
}

function readListSize(use: Readonly<Record<string, unknown>>): ListSize {
  return {
    assumed: typeof use['assumedSize'] === 'number' ? use['assumedSize'] : null,
    slicing: names(use['slicingArguments']),
    sizedFields: names(use['sizedFields']),
    needsOneSlicing: use['requireOneSlicingArgument'] !== false,
  }
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function inherit(type: InterfaceType, weights: Map<string, number>, lists: Map<string, ListSize>): void {
  for (const { name } of type.fields()) {
    const key = `${type.name}.${name}`
    for (const member of type.possibleRuntimeTypes()) {
      const weight = weights.get(`${member.name}.${name}`)
      if (weight !== undefined) weights.set(key, Math.max(weight, weights.get(key) ?? 0))
      const size = lists.get(`${member.name}.${name}`)
      if (size !== undefined && !lists.has(key)) lists.set(key, size)
    }
  }
}
