import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** An operation as a client would send it. */
export interface MadeQuery {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

const NAMES = ['a', 'b', '__proto__', 'constructor', 'id', 'name', '__typename2', 'then', 'toJSON']
const SCALARS = [
  '1',
  '-1',
  '2147483648',
  '1e400',
  '"x"',
  '""',
  '"\\u0000"',
  'null',
  'true',
  '[]',
  '{}',
  '[[1]]',
  'SMALL',
  '$v',
]

/**
 * A document that fits the schema, or almost: every choice is the next number of a tape, so that a shorter tape is a smaller
 * document and one that failed can be shrunk.
 */
export function madeQuery(schema: GraphQLSchema, tape: readonly number[]): MadeQuery {
  return new Maker(schema, tape).make()
}

class Maker {
  readonly #schema: GraphQLSchema
  readonly #tape: readonly number[]
  readonly #fragments: string[] = []
  #at = 0

  constructor(schema: GraphQLSchema, tape: readonly number[]) {
    this.#schema = schema
    this.#tape = tape
  }

  make(): MadeQuery {
    const kind = this.#one(['query', 'query', 'query', 'mutation', 'subscription'] as const)
    const root = { query: 'getQueryType', mutation: 'getMutationType', subscription: 'getSubscriptionType' } as const
    const type = this.#schema[root[kind]]() ?? this.#schema.getQueryType()
    const body = type ? this.#selections(type, 5) : '{ __typename }'
    const variables = { v: this.#one<unknown>([1, 'x', null, true, [], {}, 1e300]), s: this.#next(2) === 0 }
    return { query: `${kind} Q($v: Int, $s: Boolean! = true) ${body} ${this.#fragments.join(' ')}`, variables }
  }

  #selections(type: GraphQLNamedType, depth: number): string {
    const many = 1 + this.#next(4)
    return `{ ${Array.from({ length: many }, () => this.#selection(type, depth)).join(' ')} }`
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    if (depth > 0 && this.#next(6) === 0) return this.#fragment(type, depth)
    const fields =
      isObjectType(type) || (isAbstractType(type) && 'getFields' in type) ? Object.values(type.getFields()) : []
    const field = this.#next(12) === 0 ? undefined : fields[this.#next(Math.max(1, fields.length))]
    const alias = this.#next(5) === 0 ? `${this.#one(NAMES)}: ` : ''
    if (field === undefined)
      return `${alias}${this.#one(['__typename', '__typename', '__schema { types { name } }', 'nothing'])}`
    const named = getNamedType(field.type)
    const isLeaf = !isObjectType(named) && !isAbstractType(named)
    if (!isLeaf && depth === 0) return `${alias}__typename`
    const below = isLeaf ? '' : ` ${this.#selections(named, depth - 1)}`
    return `${alias}${field.name}${this.#arguments(field.args)}${this.#directive()}${below}`
  }

  #fragment(type: GraphQLNamedType, depth: number): string {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : []
    const inner = possible[this.#next(Math.max(1, possible.length))] ?? type
    const body = `on ${inner.name}${this.#directive()} ${this.#selections(inner, depth - 1)}`
    if (this.#next(3) !== 0) return `... ${body}`
    const name = `F${this.#fragments.length}`
    this.#fragments.push(`fragment ${name} ${body}`)
    return `...${name} ${this.#next(4) === 0 ? `...${name}` : ''}`
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.filter((one) => isNonNullType(one.type) || this.#next(2) === 0)
    return given.length === 0 ? '' : `(${given.map((one) => `${one.name}: ${this.#value(one.type, 3)}`).join(' ')})`
  }

  #value(type: GraphQLInputType, depth: number): string {
    if (depth === 0 || this.#next(8) === 0) return this.#one(SCALARS)
    if (isNonNullType(type)) return this.#value(type.ofType, depth)
    if (isListType(type)) return `[${this.#value(type.ofType, depth - 1)}]`
    if (isEnumType(type)) return this.#one(type.getValues().map(({ name }) => name))
    if (isInputObjectType(type))
      return `{ ${Object.values(type.getFields())
        .filter(() => this.#next(2) === 0)
        .map((field) => `${field.name}: ${this.#value(field.type, depth - 1)}`)
        .join(' ')} }`
    return type.name === 'Int' ? this.#one(['1', '0', '-1', '2', '$v']) : '"1"'
  }

  #directive(): string {
    return this.#one(['', '', '', '', ' @include(if: $s)', ' @skip(if: true)', ' @nothing', ' @defer', ' @include'])
  }

  #one<T>(all: readonly T[]): T {
    const chosen = all[this.#next(all.length)]
    if (chosen === undefined) throw new Error('there is nothing to choose from')
    return chosen
  }

  #next(below: number): number {
    return (this.#tape[this.#at++] ?? 0) % below
  }
}
