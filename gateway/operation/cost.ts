import {
  Kind,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import type { CostRules } from '../supergraph/cost-rules.js'
import { CostArguments } from './cost-arguments.js'
import type { Operation } from './read-operation.js'
import type { Variables } from './read-variables.js'
import { isIncluded, switchesOf, type Switches } from './switches.js'

/** What an operation costs by estimate, and the fields that were not told how many are asked for. */
export interface Cost {
  readonly estimated: number
  readonly unsliced: readonly string[]
}

/** Estimates by the weights of the schema, with the variables of the request. */
export type CostOf = (operation: Operation, variables: Variables) => Cost

/** Counts stop growing here, long before they lose their meaning. */
const ENOUGH = 1_000_000_000_000
const MUTATION = 10

/**
 * The IBM GraphQL cost specification as Apollo Router reads it: an object weighs 1 and a leaf nothing, `@cost` says otherwise; a list
 * has as many as its slicing argument says, else its assumed size, else `listSize`. Every fragment is walked once.
 */
export function costBy(schema: GraphQLSchema, rules: CostRules, listSize: number): CostOf {
  const sizable = new Set([...rules.lists.values()].flatMap(({ sizedFields }) => sizedFields))
  const constant = new WeakMap<Operation, Cost>()
  return (operation, variables) => {
    const known = constant.get(operation)
    if (known !== undefined) return known
    const cost = weighed(operation, variables)
    if (!operation.definition.variableDefinitions?.length) constant.set(operation, cost)
    return cost
  }
  function weighed(operation: Operation, variables: Variables): Cost {
    const weighing = new Weighing({ schema, rules, listSize, sizable }, operation, variables)
    const weight = weighing.set(operation.root, operation.definition.selectionSet)
    const base = operation.kind === 'mutation' ? MUTATION : 0
    return { estimated: bounded(base + totalOf(weight, [], 0)), unsliced: [...weighing.unsliced] }
  }
}

interface Scales {
  readonly schema: GraphQLSchema
  readonly rules: CostRules
  readonly listSize: number
  /** Names of fields whose size a field above them may tell. */
  readonly sizable: ReadonlySet<string>
}

/** What a selection set costs: `rest`, and apart from it the lists that the field above may size, with what each costs once and for each item. */
interface Weight {
  rest: number
  readonly lists: Map<string, { once: number; each: number; counted: number }>
}

class Weighing {
  readonly unsliced = new Set<string>()
  readonly #scales: Scales
  readonly #operation: Operation
  readonly #switches: Switches
  readonly #arguments: CostArguments
  readonly #fragments = new Map<string, Weight>()

  constructor(scales: Scales, operation: Operation, variables: Variables) {
    this.#scales = scales
    this.#operation = operation
    this.#switches = switchesOf(operation, variables)
    this.#arguments = new CostArguments(scales.rules, variables)
  }

  set(type: GraphQLCompositeType, { selections }: SelectionSetNode): Weight {
    const weight: Weight = { rest: 0, lists: new Map() }
    for (const selection of selections) {
      if (!isIncluded(selection, this.#switches)) continue
      if (selection.kind === Kind.FIELD) this.#field(type, selection, weight)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) add(weight, this.#fragment(selection.name.value))
      else add(weight, this.set(this.#typeOf(selection.typeCondition?.name.value) ?? type, selection.selectionSet))
    }
    return weight
  }

  #typeOf(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? null : this.#scales.schema.getType(name)
    return isCompositeType(type) ? type : null
  }

  #fragment(name: string): Weight {
    const known = this.#fragments.get(name)
    if (known !== undefined) return known
    this.#fragments.set(name, { rest: 0, lists: new Map() }) // one that spreads itself is refused elsewhere
    const fragment = this.#operation.fragments.get(name)
    const type = this.#typeOf(fragment?.typeCondition.name.value)
    const weight = fragment && type ? this.set(type, fragment.selectionSet) : { rest: 0, lists: new Map() }
    this.#fragments.set(name, weight)
    return weight
  }

  #field(type: GraphQLCompositeType, node: FieldNode, into: Weight): void {
    const name = node.name.value
    const field = 'getFields' in type ? type.getFields()[name] : undefined
    if (field === undefined) return // what every object has weighs nothing
    const { rules, listSize, sizable } = this.#scales
    const key = `${type.name}.${name}`
    const size = this.#sizeOf(key, field, node)
    const inner = getNamedType(field.type)
    const below = isCompositeType(inner) && node.selectionSet ? this.set(inner, node.selectionSet) : null
    const sized = rules.lists.get(key)?.sizedFields ?? []
    const selected = below === null ? 0 : totalOf(below, sized, size ?? listSize)
    const own = rules.weights.get(key) ?? rules.weights.get(inner.name) ?? (isCompositeType(inner) ? 1 : 0)
    const each = bounded(own + selected)
    const once = this.#arguments.weigh(key, field, node)
    const isList = isListType(getNullableType(field.type))
    const count = isList ? (sized.length > 0 ? listSize : (size ?? listSize)) : 1
    const counted = bounded(once + count * each)
    // What says its own size is not told it from above.
    if (isList && size === null && sizable.has(name)) addList(into, name, { once, each, counted })
    else into.rest = bounded(into.rest + counted)
  }

  /** How many the field's directive says there will be; null when it says nothing. */
  #sizeOf(key: string, field: GraphQLField<unknown, unknown>, node: FieldNode): number | null {
    const rule = this.#scales.rules.lists.get(key)
    if (rule === undefined) return null
    const { values, given } = this.#arguments.slices(rule.slicing, field, node)
    if (rule.needsOneSlicing && rule.slicing.length > 0 && (given > 1 || values.length === 0)) this.unsliced.add(key)
    return values.length > 0 ? Math.max(0, ...values) : rule.assumed
  }
}

function add(into: Weight, other: Weight): void {
  into.rest = bounded(into.rest + other.rest)
  for (const [name, list] of other.lists) addList(into, name, list)
}

function addList(into: Weight, name: string, list: { once: number; each: number; counted: number }): void {
  const known = into.lists.get(name)
  into.lists.set(name, {
    once: bounded((known?.once ?? 0) + list.once),
    each: bounded((known?.each ?? 0) + list.each),
    counted: bounded((known?.counted ?? 0) + list.counted),
  })
}

/** All of it, where the named lists have `size` items. */
function totalOf({ rest, lists }: Weight, names: readonly string[], size: number): number {
  let sum = rest
  for (const [name, { once, each, counted }] of lists) sum += names.includes(name) ? once + size * each : counted
  return bounded(sum)
}

function bounded(count: number): number {
  return Math.min(Math.max(count, 0), ENOUGH)
}
