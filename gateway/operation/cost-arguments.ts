import {
  Kind,
  getNamedType,
  isInputObjectType,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql'
import type { CostRules } from '../supergraph/cost-rules.js'
import type { Variables } from './read-variables.js'

/** What the arguments of fields weigh, and how many they ask for. */
export class CostArguments {
  readonly #rules: CostRules
  readonly #variables: Variables

  constructor(rules: CostRules, variables: Variables) {
    this.#rules = rules
    this.#variables = variables
  }

  /** Each argument that is given: its `@cost`, else 1 for an input object; with everything in it. */
  weigh(field: string, { args }: GraphQLField<unknown, unknown>, node: FieldNode): number {
    let weight = 0
    for (const argument of args) {
      const value = this.#given(argument, node)
      if (value !== undefined) weight += this.#value(`${field}.${argument.name}`, argument.type, value)
    }
    return weight
  }

  /** The numbers that slicing arguments bring, also by their defaults, and how many of them the client gave. */
  slices(
    names: readonly string[],
    { args }: GraphQLField<unknown, unknown>,
    node: FieldNode,
  ): { readonly values: readonly number[]; readonly given: number } {
    const values: number[] = []
    let given = 0
    for (const argument of args) {
      if (!names.includes(argument.name)) continue
      const sent = this.#given(argument, node)
      if (sent !== undefined && sent !== null) given++
      const value = sent === undefined ? argument.defaultValue : sent
      if (typeof value === 'number') values.push(value)
    }
    return { values, given }
  }

  #given(argument: GraphQLArgument, { arguments: nodes }: FieldNode): unknown {
    const value = nodes?.find(({ name }) => name.value === argument.name)?.value
    if (value === undefined) return undefined
    return value.kind === Kind.VARIABLE
      ? this.#variables[value.name.value]
      : valueFromASTUntyped(value, this.#variables)
  }

  #value(place: string, type: GraphQLInputType, value: unknown): number {
    if (value === null || value === undefined) return 0
    if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + this.#value(place, type, one), 0)
    const inner = getNamedType(type)
    const own = this.#rules.weights.get(place) ?? this.#rules.weights.get(inner.name)
    if (!isInputObjectType(inner) || typeof value !== 'object') return own ?? 0
    let weight = own ?? 1
    for (const [name, field] of Object.entries(inner.getFields()))
      if (Object.hasOwn(value, name))
        weight += this.#value(`${inner.name}.${name}`, field.type, (value as Record<string, unknown>)[name])
    return weight
  }
}
